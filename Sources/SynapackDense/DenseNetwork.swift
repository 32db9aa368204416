public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// A graph ready to run in float32 on batches of samples.
///
/// Weights are converted once. One call runs one batch on one thread; the caller spreads batches
/// of a fixed size over threads, so that no result depends on the number of threads.
public struct DenseNetwork: Sendable {
  private let steps: [Step]
  /// The graph's inputs, in order.
  public let inputs: [WireID]
  private let inputCounts: [Int]
  /// The graph's outputs, in order.
  public let outputs: [WireID]

  /// One node with its kernel and the wires that nobody reads after it.
  private struct Step: Sendable {
    let inputs: [WireID]
    let output: WireID
    let kernel: any DenseKernel
    let released: [WireID]
  }

  /// - Throws: `SYN0211` for a missing weight.
  public init<P: Phase>(_ graph: Graph<P>) throws(PackError) {
    inputs = graph.inputs
    inputCounts = graph.inputs.map { graph.shape(of: $0).count }
    outputs = graph.outputs
    let kernels = try DenseNetwork.kernels(graph)
    var lastUse: [WireID: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for wire in node.inputs { lastUse[wire] = index }
    }
    steps = graph.nodes.enumerated().map { index, node in
      let released = Set(node.inputs).filter { lastUse[$0] == index }
        .sorted { $0.index < $1.index }
      return Step(
        inputs: node.inputs, output: node.output, kernel: kernels[index], released: released)
    }
  }

  /// The kernel of each node; what depends on constants alone is computed here, once.
  private static func kernels<P: Phase>(
    _ graph: Graph<P>
  ) throws(PackError) -> [any DenseKernel] {
    var constants: [WireID: [Float]] = [:]
    var kernels: [any DenseKernel] = []
    for node in graph.nodes {
      let kernel = try within(.node(node.name)) { () throws(PackError) in
        try DenseKernels.kernel(for: node, in: graph)
      }
      var arguments = node.inputs.compactMap { constants[$0] }
      guard arguments.count == node.inputs.count else {
        kernels.append(kernel)
        continue
      }
      let values = kernel.run(&arguments, count: 1)
      constants[node.output] = values
      kernels.append(DenseConstant(values: values))
    }
    return kernels
  }

  /// Runs `count` samples of a graph of one input; see ``run(inputs:count:keeping:)``.
  public func run(
    _ samples: [Float], count: Int, keeping: Set<WireID>
  ) throws(PackError) -> [WireID: [Float]] {
    try run(inputs: [samples], count: count, keeping: keeping)
  }

  /// Runs `count` samples laid one after the other, an array for each input of the graph, and
  /// returns the wires of `keeping`.
  ///
  /// Each value array holds the samples one after the other, each in the order of its shape.
  ///
  /// - Throws: `SYN0012` where the number of arrays is not that of the inputs, or the number of
  ///   values not `count` samples.
  public func run(
    inputs samples: [[Float]], count: Int, keeping: Set<WireID>
  ) throws(PackError) -> [WireID: [Float]] {
    guard count > 0, samples.count == inputs.count else {
      throw PackError(
        .wrongDataShape,
        "\(count) samples for \(samples.count) inputs, the graph has \(inputs.count)",
        hint: "give samples for each input of the model")
    }
    var values: [WireID: [Float]] = [:]
    for ((input, size), samples) in zip(zip(inputs, inputCounts), samples) {
      guard samples.count == size.times(count) else {
        throw PackError(
          .wrongDataShape, "\(samples.count) values for \(count) samples of \(size)",
          hint: "give samples of the model's input shape")
      }
      values[input] = samples
    }
    for step in steps {
      var arguments = step.inputs.compactMap { values[$0] }
      for wire in step.released where !keeping.contains(wire) { values[wire] = nil }
      values[step.output] = step.kernel.run(&arguments, count: count)
    }
    return values.filter { keeping.contains($0.key) }
  }

  /// Runs `count` samples and returns the first output of the graph.
  public func output(_ samples: [Float], count: Int) throws(PackError) -> [Float] {
    let values = try run(samples, count: count, keeping: Set(outputs))
    return outputs.first.flatMap { values[$0] } ?? []
  }
}
