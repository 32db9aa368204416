public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// Reverse-mode gradients of a graph on batches of samples.
///
///     w̄ = ∂L/∂w = Σ_n Σ_y  ∂L/∂y_n · ∂y_n/∂w
///
/// L: any function of kept wires, of which the caller gives ∂L/∂y; y_n: the value of a wire for
/// sample n; w: a weight of the graph's store. Inputs get their gradients sample by sample.
///
/// One call runs one batch on one thread; the caller spreads batches of a fixed size over threads
/// and adds their gradients in order, so that no result depends on the number of threads.
public struct DenseGradients: Sendable {
  private let steps: [Step]
  private let inputs: [WireID]
  private let sizes: [Int]

  private struct Step: Sendable {
    let node: Node
    let forward: any DenseKernel
    /// `nil` where nothing before this node is asked for.
    let backward: (any GradientKernel)?
    let wantsInputs: Bool
    let wantsWeights: Bool
  }

  /// The values of every wire for one batch.
  public struct Pass: Sendable {
    public let count: Int
    fileprivate var values: [[Float]]

    /// The values of a wire, the samples one after the other.
    public subscript(wire: WireID) -> [Float] { values[wire.index] }
  }

  /// What a loss gives back.
  public struct Gradients: Sendable {
    /// The gradient of each weight that was asked for and that the loss depends on, in the order
    /// of its elements; the sum over the samples.
    public var weights: [String: [Float]] = [:]
    /// An array for each input of the graph; empty where it was not asked for.
    public var inputs: [[Float]] = []
  }

  /// - Parameters:
  ///   - weights: the weights whose gradients are asked for; all where absent.
  ///   - inputs: whether the gradients of the inputs are asked for.
  /// - Throws: `SYN0211` for a missing weight, `SYN0206` for windows over more than three axes.
  public init<P: Phase>(
    _ graph: Graph<P>, weights: Set<String>? = nil, inputs wantsInputs: Bool = true
  ) throws(PackError) {
    inputs = graph.inputs
    sizes = graph.wires.map(\.shape.count)
    var wanted = wantsInputs ? Set(graph.inputs) : []
    var steps: [Step] = []
    for node in graph.nodes {
      let step = try within(.node(node.name)) { () throws(PackError) in
        let wantsWeights = node.op.payload.weightNames.contains { weights?.contains($0) ?? true }
        let wantsInputs = node.inputs.contains { wanted.contains($0) }
        let wants = wantsWeights || wantsInputs
        return Step(
          node: node, forward: try DenseKernels.kernel(for: node, in: graph),
          backward: wants ? try GradientKernels.kernel(for: node, in: graph) : nil,
          wantsInputs: wantsInputs, wantsWeights: wantsWeights)
      }
      if step.backward != nil { wanted.insert(node.output) }
      steps.append(step)
    }
    self.steps = steps
    self.weights = weights
    self.wanted = wanted
  }

  private let weights: Set<String>?
  /// The wires whose gradients lead to something that is asked for.
  private let wanted: Set<WireID>

  /// Runs `count` samples laid one after the other, an array for each input of the graph.
  ///
  /// - Parameters:
  ///   - given: values of wires that were measured elsewhere; the nodes that drive them do not run.
  ///   - unread: wires whose values no gradient and no running node reads; their nodes do not run.
  /// - Throws: `SYN0012` where the numbers of arrays or values do not fit.
  public func forward(
    inputs samples: [[Float]], count: Int, given: [WireID: [Float]] = [:],
    unread: Set<WireID> = []
  ) throws(PackError) -> Pass {
    guard count > 0, samples.count == inputs.count,
      zip(inputs, samples).allSatisfy({ sizes[$0.index].times(count) == $1.count }),
      given.allSatisfy({
        sizes.indices.contains($0.key.index) && sizes[$0.key.index].times(count) == $0.value.count
      })
    else {
      throw PackError(
        .wrongDataShape,
        "\(samples.map(\.count)) values for \(count) samples of \(inputs.map { sizes[$0.index] })",
        hint: "give samples for each input of the model, of its shape")
    }
    var values: [[Float]] = Array(repeating: [], count: sizes.count)
    for (input, samples) in zip(inputs, samples) { values[input.index] = samples }
    for (wire, measured) in given { values[wire.index] = measured }
    for step in steps where given[step.node.output] == nil && !unread.contains(step.node.output) {
      var arguments = step.node.inputs.map { values[$0.index] }
      values[step.node.output.index] = step.forward.run(&arguments, count: count)
    }
    return Pass(count: count, values: values)
  }

  /// The gradients of a loss whose derivatives by some wires are given, an array of the wire's
  /// values each.
  ///
  /// - Throws: `SYN0012` where an array has not the wire's number of values.
  public func backward(
    _ pass: Pass, from losses: [WireID: [Float]]
  ) throws(PackError) -> Gradients {
    var flow: [[Float]] = Array(repeating: [], count: sizes.count)
    for (wire, values) in losses.sorted(by: { $0.key.index < $1.key.index }) {
      guard sizes.indices.contains(wire.index), values.count == pass.values[wire.index].count
      else {
        throw PackError(
          .wrongDataShape, "\(values.count) derivatives for wire \(wire.index)",
          hint: "give one derivative for each value of the wire")
      }
      flow[wire.index] = values
    }
    var result = Gradients()
    for step in steps.reversed() {
      guard let kernel = step.backward, !flow[step.node.output.index].isEmpty else { continue }
      let own = kernel.gradients(node(step, pass, flow[step.node.output.index]))
      // Nobody reads it again, and what is not held need not be copied.
      flow[step.node.output.index] = []
      for (wire, values) in zip(step.node.inputs, own.inputs) where wanted.contains(wire) {
        DenseGradients.add(values, to: &flow[wire.index])
      }
      for (name, values) in own.weights where weights?.contains(name) ?? true {
        DenseGradients.add(values, to: &result.weights[name, default: []])
      }
    }
    result.inputs = inputs.map { flow[$0.index] }
    return result
  }

  private func node(_ step: Step, _ pass: Pass, _ gradient: [Float]) -> NodePass {
    NodePass(
      inputs: step.node.inputs.map { pass.values[$0.index] },
      output: pass.values[step.node.output.index], gradient: gradient, count: pass.count,
      wantsInputs: step.wantsInputs, wantsWeights: step.wantsWeights)
  }

  private static func add(_ values: [Float], to sum: inout [Float]) {
    guard !sum.isEmpty, !values.isEmpty else {
      if sum.isEmpty { sum = values }
      return
    }
    var target = sum.mutableSpan
    let term = values.span
    for index in 0..<min(target.count, term.count) { target[index] += term[index] }
  }
}
