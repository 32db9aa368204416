public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// A graph ready to run in float32 on batches of samples.
///
/// Weights are converted once. One call runs one batch on one thread; the caller spreads batches
/// of a fixed size over threads, so that no result depends on the number of threads.
public struct DenseNetwork: Sendable {
  private let steps: [Step]
  private let input: WireID
  private let inputCount: Int
  /// The graph's outputs, in order.
  public let outputs: [WireID]

  /// One node with its kernel and the wires that nobody reads after it.
  private struct Step: Sendable {
    let inputs: [WireID]
    let output: WireID
    let kernel: DenseKernel
    let released: [WireID]
  }

  /// - Throws: `SYN0213` where the graph has not one input, `SYN0211` for a missing weight.
  public init<P: Phase>(_ graph: Graph<P>) throws(PackError) {
    guard let input = graph.inputs.first, graph.inputs.count == 1 else {
      throw PackError(
        .unsupportedInterface, "the graph has \(graph.inputs.count) inputs",
        hint: "cut the model to one input")
    }
    self.input = input
    inputCount = graph.shape(of: input).count
    outputs = graph.outputs
    var lastUse: [WireID: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for wire in node.inputs { lastUse[wire] = index }
    }
    var steps: [Step] = []
    for (index, node) in graph.nodes.enumerated() {
      let kernel = try within(.node(node.name)) { () throws(PackError) in
        try DenseKernel(node, in: graph)
      }
      let released = Set(node.inputs).filter { lastUse[$0] == index }
        .sorted { $0.index < $1.index }
      steps.append(
        Step(inputs: node.inputs, output: node.output, kernel: kernel, released: released))
    }
    self.steps = steps
  }

  /// Runs `count` samples laid one after the other and returns the wires of `keeping`.
  ///
  /// Each value array holds the samples one after the other, each in the order of its shape.
  ///
  /// - Throws: `SYN0012` where the number of values is not `count` samples.
  public func run(
    _ samples: [Float], count: Int, keeping: Set<WireID>
  ) throws(PackError) -> [WireID: [Float]] {
    guard count > 0, samples.count == inputCount.times(count) else {
      throw PackError(
        .wrongDataShape, "\(samples.count) values for \(count) samples of \(inputCount)",
        hint: "give samples of the model's input shape")
    }
    var values = [input: samples]
    for step in steps {
      let arguments = step.inputs.compactMap { values[$0] }
      for wire in step.released where !keeping.contains(wire) { values[wire] = nil }
      values[step.output] = step.kernel.run(arguments, count: count)
    }
    return values.filter { keeping.contains($0.key) }
  }

  /// Runs `count` samples and returns the first output of the graph.
  public func output(_ samples: [Float], count: Int) throws(PackError) -> [Float] {
    let values = try run(samples, count: count, keeping: Set(outputs))
    return outputs.first.flatMap { values[$0] } ?? []
  }
}
