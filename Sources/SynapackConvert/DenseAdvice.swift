internal import SynapackGraph

extension SpikingPlan {
  /// What to do about an operator that runs dense and has no spiking form in this build, one
  /// sentence for each family.
  static func advice(for op: Op) -> String {
    switch op {
    case .activation(let op): activationAdvice(op.function)
    case .binary(let op): binaryAdvice(op.function)
    case .where: "it runs dense; let the exporter fold constants into the weights"
    case .convolutionTranspose: "it runs dense; upsample on the host"
    case .volumeConvolution, .volumePool: "it runs dense; chips take one or two dimensions"
    case .groupNormalization, .localResponseNormalization:
      "it runs dense; train with batch normalization, which folds into the weights"
    case .quantization, .dequantization:
      "give it together with its counterpart: the pair is removed, the program has its own levels"
    case .reduce: "it runs dense; use sum or average pooling over the plane"
    case .select, .slice, .tile: "it runs dense; keep whole channels in their order"
    case .add, .averagePool, .batchNormalization, .channelAffine, .clip, .concat, .constant,
      .convolution, .delay, .layerNormalization, .linear, .matrixProduct, .maxPool, .neuron, .pad,
      .relu, .reshape, .scale, .softmax, .spike,
      .transpose, .windowSum:
      "give the analog network as the importer reads it"
    }
  }

  private static func activationAdvice(_ function: Activation.Function) -> String {
    switch function {
    case .leakyRelu, .elu, .selu, .celu, .thresholdedRelu, .softplus:
      "it runs dense; train with ReLU, which a neuron computes"
    case .sigmoid, .hyperbolicTangent, .hardSigmoid, .softsign:
      "it runs dense; train with ReLU or ReLU6, which a neuron computes"
    case .gelu, .geluTanh, .silu, .mish, .hardSwish:
      "it runs dense; train with ReLU, which a neuron computes, instead of this gate"
    case .absolute, .negate, .reciprocal, .squareRoot, .exponential, .logarithm, .sine, .cosine,
      .floor, .ceiling, .roundHalfEven, .sign, .errorFunction:
      "it runs dense; compute it on the host, before or after the network"
    }
  }

  private static func binaryAdvice(_ function: Binary.Function) -> String {
    switch function {
    case .add, .subtract: "add wires of one shape; stretched ones run dense"
    case .multiply, .divide, .power:
      "it runs dense; a product of two activations does not spike yet"
    case .less, .lessOrEqual, .equal:
      "it runs dense; make the decision on the host, behind the network"
    case .minimum, .maximum, .parametricRelu:
      "it runs dense; train with ReLU, which a neuron computes"
    }
  }
}
