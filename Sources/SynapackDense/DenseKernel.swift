internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How one node is computed on a batch; one for each family of loops.
protocol DenseKernel: Sendable {
  /// Runs the node on `count` samples laid one after the other in each argument.
  ///
  /// A kernel may take an argument out of the list and overwrite it.
  func run(_ arguments: inout [[Float]], count: Int) -> [Float]
}

/// The kernel of each operator.
enum DenseKernels {
  static func kernel<P: Phase>(
    for node: Node, in graph: Graph<P>
  ) throws(PackError) -> any DenseKernel {
    let shapes = node.inputs.map { graph.shape(of: $0) }
    let output = graph.shape(of: node.output)
    let weights = graph.weights
    let input = shapes.first ?? output
    switch node.op {
    case .activation(let op): return DenseActivation(function: op.function)
    case .add: return DenseSum()
    case .averagePool(let op): return try DenseWindow(op, input: input, output: output)
    case .batchNormalization(let op): return DenseAffine(try op.affine(weights), input)
    case .binary(let op): return DenseBinary(op.function, shapes, output)
    case .channelAffine(let op):
      return DenseAffine(try op.affine(weights, channels: input.dimensions.first ?? 1), input)
    case .clip(let op): return DenseClip(lower: op.lower, upper: op.upper)
    case .concat(let op): return DenseConcat(op, inputs: shapes)
    case .constant(let op): return DenseConstant(values: try weights.floats(op.weight))
    case .convolution(let op):
      return try DenseConvolution(op, input: input, output: output, weights)
    case .convolutionTranspose(let op):
      return try DenseConvolutionTranspose(op, input: input, output: output, weights)
    case .dequantization(let op): return try DenseDequantization(op, input, weights)
    case .groupNormalization(let op): return try DenseNormalization(op, input, weights)
    case .layerNormalization(let op): return try DenseNormalization(op, input, weights)
    case .linear(let op): return try DenseLinear(op, input: input, weights)
    case .localResponseNormalization(let op): return DenseResponse(op, input)
    case .matrixProduct: return try DenseMatrixProduct(shapes, output)
    case .maxPool(let op): return DenseWindow(op.window, .maximum, input: input, output: output)
    case .pad(let op): return DenseWindow(op, input: input, output: output)
    case .quantization(let op): return try DenseQuantization(op, input, weights)
    case .reduce(let op): return DenseReduce(op, input, output)
    case .relu: return DenseClip(lower: 0, upper: .infinity)
    case .reshape: return DenseCopy()
    case .scale(let op): return DenseScale(factor: op.factor)
    case .select(let op): return DenseGather(op, input)
    case .slice(let op): return DenseGather(op, input)
    case .softmax(let op): return DenseSoftmax(op, input)
    case .delay: return DenseCopy()
    case .neuron(let op): return DenseReference(op: op, inputs: shapes, weights: weights)
    case .spike(let op): return try DenseSpike(op, input, weights)
    case .tile(let op): return DenseGather(op, input)
    case .transpose(let op): return DenseGather(op, input)
    case .volumeConvolution(let op):
      guard op.window.rank <= 3 else {
        return DenseReference(op: op, inputs: shapes, weights: weights)
      }
      return try DenseConvolution(op, input: input, output: output, weights)
    case .volumePool(let op):
      guard op.window.rank <= 3 else {
        return DenseReference(op: op, inputs: shapes, weights: weights)
      }
      return try DenseWindow(op, input: input, output: output)
    case .where: return DenseWhere(shapes, output)
    case .windowSum(let op): return DenseWindow(op.window, .sum, input: input, output: output)
    }
  }
}

/// An operator that only ever sees few values: its reference evaluation, sample by sample.
struct DenseReference: DenseKernel {
  let op: any OpPayload
  let inputs: [Shape]
  let weights: WeightStore

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result: [Float] = []
    for sample in 0..<count {
      let parts = zip(inputs, arguments).map { shape, values in
        FloatArray(
          shape: shape, values: Array(values[sample * shape.count..<(sample + 1) * shape.count]))
      }
      // The graph was verified with these shapes and weights, so the evaluation cannot refuse.
      guard let output = try? op.evaluate(parts, weights) else { return result }
      result += output.values
    }
    return result
  }
}
