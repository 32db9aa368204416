internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// How one node is computed on a batch; one case for each family of loops.
enum DenseKernel: Sendable {
  case convolution(DenseConvolution)
  case linear(DenseLinear)
  case window(DenseWindow)
  case channelAffine(scale: [Float], shift: [Float], plane: Int)
  case clip(lower: Float, upper: Float)
  case scale(Float)
  case add
  case concat(DenseConcat)
  case copy
  case gather([Int])
  /// An operator that only ever sees few values: its reference evaluation, sample by sample.
  case reference(any OpPayload, inputs: [Shape], WeightStore)

  init<P: Phase>(_ node: Node, in graph: Graph<P>) throws(PackError) {
    let shapes = node.inputs.map { graph.shape(of: $0) }
    let output = graph.shape(of: node.output)
    let weights = graph.weights
    let input = shapes.first ?? output
    switch node.op {
    case .convolution(let op):
      self = .convolution(try DenseConvolution(op, input: input, output: output, weights))
    case .linear(let op): self = .linear(try DenseLinear(op, input: input, weights))
    case .batchNormalization(let op):
      let (scale, shift) = try op.affine(weights)
      self = .channelAffine(scale: scale, shift: shift, plane: input.count / max(1, scale.count))
    case .channelAffine(let op):
      let channels = input.dimensions.first ?? 1
      let (scale, shift) = try op.affine(weights, channels: channels)
      self = .channelAffine(scale: scale, shift: shift, plane: input.count / max(1, channels))
    case .relu: self = .clip(lower: 0, upper: .infinity)
    case .clip(let op): self = .clip(lower: op.lower, upper: op.upper)
    case .scale(let op): self = .scale(op.factor)
    case .maxPool(let op):
      self = .window(DenseWindow(op.window, .maximum, input: input, output: output))
    case .averagePool(let op):
      let divisors = try op.divisors(input: input).map { 1 / Float($0) }
      self = .window(DenseWindow(op.window, .mean(divisors), input: input, output: output))
    case .windowSum(let op):
      self = .window(DenseWindow(op.window, .sum, input: input, output: output))
    case .pad(let op):
      let window = Window(kernel: Extent(y: 1, x: 1), padding: op.edges)
      self = .window(DenseWindow(window, .sum, input: input, output: output))
    case .add: self = .add
    case .concat(let op): self = .concat(DenseConcat(op, inputs: shapes))
    case .reshape: self = .copy
    case .transpose(let op): self = .gather(try op.sources(input: input))
    case .softmax: self = .reference(node.op.payload, inputs: shapes, weights)
    case .activation, .binary, .constant, .convolutionTranspose, .dequantization,
      .groupNormalization, .layerNormalization, .localResponseNormalization, .matrixProduct,
      .quantization, .reduce, .select, .slice, .spike, .tile, .volumeConvolution, .volumePool,
      .where:
      self = .reference(node.op.payload, inputs: shapes, weights)
    }
  }

  /// Runs the node on `count` samples laid one after the other in each argument.
  func run(_ arguments: [[Float]], count: Int) -> [Float] {
    let first = arguments.first ?? []
    switch self {
    case .convolution(let kernel): return kernel.run(first, count: count)
    case .linear(let kernel): return kernel.run(first, count: count)
    case .window(let kernel): return kernel.run(first, count: count)
    case .channelAffine(let scale, let shift, let plane):
      return DenseKernel.affine(first, scale, shift, plane)
    case .clip(let lower, let upper): return first.map { min(max($0, lower), upper) }
    case .scale(let factor): return first.map { $0 * factor }
    case .add: return DenseKernel.sum(arguments)
    case .concat(let kernel): return kernel.run(arguments, count: count)
    case .copy: return first
    case .gather(let sources): return DenseKernel.gather(first, sources, count)
    case .reference(let op, let shapes, let weights):
      return DenseKernel.reference(op, shapes, weights, arguments, count)
    }
  }

  private static func affine(
    _ input: [Float], _ scale: [Float], _ shift: [Float], _ plane: Int
  ) -> [Float] {
    var result = input
    var index = 0
    while index < result.count {
      for channel in scale.indices {
        for _ in 0..<plane where index < result.count {
          result[index] = scale[channel] * input[index] + shift[channel]
          index += 1
        }
      }
    }
    return result
  }

  private static func sum(_ arguments: [[Float]]) -> [Float] {
    var result = arguments.first ?? []
    for argument in arguments.dropFirst() {
      for index in result.indices { result[index] += argument[index] }
    }
    return result
  }

  private static func gather(_ input: [Float], _ sources: [Int], _ count: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(input.count)
    for sample in 0..<count {
      for source in sources { result.append(input[sample * sources.count + source]) }
    }
    return result
  }

  private static func reference(
    _ op: any OpPayload, _ shapes: [Shape], _ weights: WeightStore, _ arguments: [[Float]],
    _ count: Int
  ) -> [Float] {
    var result: [Float] = []
    for sample in 0..<count {
      let inputs = zip(shapes, arguments).map { shape, values in
        FloatArray(
          shape: shape, values: Array(values[sample * shape.count..<(sample + 1) * shape.count]))
      }
      // The graph was verified with these shapes and weights, so the evaluation cannot refuse.
      guard let output = try? op.evaluate(inputs, weights) else { return result }
      result += output.values
    }
    return result
  }
}
