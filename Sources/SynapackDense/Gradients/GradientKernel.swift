internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How the gradients of one node follow from that of its output; one for each family of loops.
///
/// Where an operator has a kink, the derivative of one side is taken; where it has steps, the file
/// of its kernel says what stands in for the derivative.
protocol GradientKernel: Sendable {
  func gradients(_ node: NodePass) -> NodeGradients
}

/// What the backward step of one node reads, for `count` samples laid one after the other.
struct NodePass {
  /// The values of the node's inputs and output.
  let inputs: [[Float]]
  let output: [Float]
  /// g = ∂L/∂y of the output.
  let gradient: [Float]
  let count: Int
  /// Whether anybody asks for the gradients of the inputs and of the weights.
  let wantsInputs: Bool
  let wantsWeights: Bool
}

/// ∂L of one node. A list that nobody asked for may stay empty.
struct NodeGradients {
  /// An array for each input; an empty array is a gradient of zeros.
  var inputs: [[Float]] = []
  /// Sums over the samples, by the name of the weight; a name may come more than once.
  var weights: [(name: String, values: [Float])] = []
}

/// The gradient kernel of each operator.
enum GradientKernels {
  /// - Throws: `SYN0206` for windows over more than three axes.
  static func kernel<P: Phase>(
    for node: Node, in graph: Graph<P>
  ) throws(PackError) -> any GradientKernel {
    let shapes = node.inputs.map { graph.shape(of: $0) }
    let output = graph.shape(of: node.output)
    let weights = graph.weights
    let input = shapes.first ?? output
    switch node.op {
    case .activation(let op): return ActivationGradient(function: op.function)
    case .add: return SumGradient()
    case .averagePool(let op): return try WindowGradient(op, input: input, output: output)
    case .batchNormalization(let op): return try AffineGradient(op, input, weights)
    case .binary(let op): return BinaryGradient(op.function, shapes, output)
    case .channelAffine(let op): return try AffineGradient(op, input, weights)
    case .clip(let op): return ClipGradient(lower: op.lower, upper: op.upper)
    case .concat(let op): return ConcatGradient(op, inputs: shapes)
    case .constant(let op): return ConstantGradient(weight: op.weight, size: output.count)
    case .convolution(let op):
      return try ConvolutionGradient(op, input: input, output: output, weights)
    case .convolutionTranspose(let op):
      return try ConvolutionTransposeGradient(op, input: input, output: output, weights)
    case .delay: return CopyGradient()
    case .dequantization(let op): return try DequantizationGradient(op, input, weights)
    case .groupNormalization(let op): return try NormalizationGradient(op, input, weights)
    case .layerNormalization(let op): return try NormalizationGradient(op, input, weights)
    case .linear(let op): return try LinearGradient(op, input: input, weights)
    case .localResponseNormalization(let op): return ResponseGradient(op, input)
    case .matrixProduct: return try MatrixProductGradient(shapes, output)
    case .maxPool(let op):
      return WindowGradient(op.window, .maximum, input: input, output: output)
    case .neuron(let op): return try NeuronGradient(op, input, weights)
    case .pad(let op): return WindowGradient(op, input: input, output: output)
    case .quantization(let op): return try QuantizationGradient(op, input, weights)
    case .reduce(let op): return ReduceGradient(op, input, output)
    case .relu: return ClipGradient(lower: 0, upper: .infinity)
    case .reshape: return CopyGradient()
    case .scale(let op): return ScaleGradient(factor: op.factor)
    case .select(let op): return GatherGradient(forward: DenseGather(op, input))
    case .slice(let op): return GatherGradient(forward: DenseGather(op, input))
    case .softmax(let op): return SoftmaxGradient(op, input)
    case .spike(let op): return try SpikeGradient(op, input, weights)
    case .tile(let op): return GatherGradient(forward: DenseGather(op, input))
    case .transpose(let op): return GatherGradient(forward: DenseGather(op, input))
    case .volumeConvolution(let op):
      try checkRank(op.window)
      return try ConvolutionGradient(op, input: input, output: output, weights)
    case .volumePool(let op):
      try checkRank(op.window)
      return try WindowGradient(op, input: input, output: output)
    case .where: return WhereGradient(shapes, output)
    case .windowSum(let op):
      return WindowGradient(op.window, .sum, input: input, output: output)
    }
  }

  private static func checkRank(_ window: VolumeWindow) throws(PackError) {
    guard window.rank <= 3 else {
      throw PackError(
        .unsupportedAttribute, "gradients of a window over \(window.rank) axes",
        hint: "train models whose windows have up to three axes")
    }
  }
}
