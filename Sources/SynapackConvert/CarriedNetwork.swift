public import SynapackGraph
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Whether a network that spikes already is one that a program can carry: integrate-and-fire
/// neurons with reset by subtraction, and between them at most one layer of weights.
public struct CarriedNetwork: Sendable {
  /// The nodes that cannot be carried, each with one piece of advice.
  public private(set) var refusals: [(node: String, op: String, advice: String)] = []
  /// The number of populations that fire.
  public private(set) var populations = 0
  private let graph: Graph<Spiking>
  /// Wires whose values went through weights since the last neuron.
  private var weighted: Set<WireID> = []

  public init(_ graph: Graph<Spiking>) {
    self.graph = graph
    for node in graph.nodes { check(node) }
  }

  private mutating func check(_ node: Node) {
    let isWeighted = node.inputs.contains { weighted.contains($0) }
    switch node.op {
    case .spike: populations += 1
    case .neuron(let neuron): refuse(node, advice(neuron))
    case .delay: refuse(node, "let spikes arrive at once; a program has one delay for a layer")
    case .linear, .convolution:
      if isWeighted { refuse(node, "put neurons between two layers of weights, or merge them") }
      if case .linear = node.op, graph.shape(of: node.output).rank != 1 {
        refuse(node, "flatten before the layer")
      }
      weighted.insert(node.output)
    case .add, .scale, .reshape: if isWeighted { weighted.insert(node.output) }
    case .concat, .pad, .transpose, .windowSum:
      if isWeighted { refuse(node, "put neurons before it, or move it before the weights") }
    case .activation, .averagePool, .batchNormalization, .binary, .channelAffine, .clip,
      .constant, .convolutionTranspose, .dequantization, .groupNormalization,
      .layerNormalization, .localResponseNormalization, .matrixProduct, .maxPool, .quantization,
      .reduce, .relu, .select, .slice, .softmax, .tile, .volumeConvolution, .volumePool, .where:
      refuse(node, "use operators that act on spikes")
    }
  }

  /// A dialect changes the reset and nothing else: it does not take a leak away.
  private func advice(_ neuron: Neuron) -> String {
    let decays = (try? graph.weights.floats(neuron.decay)) ?? []
    let leaks = neuron.synapse != nil || decays.contains { $0 != 1 }
    switch neuron.reset {
    case .value where !leaks && neuron.threshold != nil:
      return "let the neurons subtract; if they do, say --dialect reset=subtract"
    case .none, .subtract, .value:
      return leaks
        ? "use integrate-and-fire neurons without a leak"
        : "use integrate-and-fire neurons, which have a threshold"
    }
  }

  private mutating func refuse(_ node: Node, _ advice: String) {
    refusals.append((node.name, node.op.name, advice))
  }

  public var isCarried: Bool {
    refusals.isEmpty && graph.inputs.count == 1 && graph.outputs.count == 1
  }

  /// The network with its neurons set to run for `options.timesteps` ticks.
  ///
  /// - Throws: `SYN0273` with every node that cannot be carried; `SYN0701` where the neurons send
  ///   other payloads than the options say.
  public func prepared(_ options: ConversionOptions) throws(PackError) -> Graph<Spiking> {
    guard refusals.isEmpty else {
      let list = refusals.map { "node `\($0.node)`: \($0.op) — \($0.advice)" }
      throw PackError(
        .temporalNeuron, "what no program carries: " + list.joined(separator: "; "),
        hint: "change these nodes as stated; `synapack inspect` lists them")
    }
    var draft = graph.draft
    for index in draft.nodes.indices {
      guard case .spike(var op) = draft.nodes[index].op else { continue }
      guard op.lower...op.upper == options.payloads else {
        throw PackError(
          .badOption,
          "the neurons of the network send \(op.lower) to \(op.upper) spikes a tick, the option "
            + "\(options.payloads.lowerBound) to \(options.payloads.upperBound)",
          at: .option("--neuron"), hint: "give the neuron that the network has")
      }
      op.timesteps = options.timesteps
      draft.nodes[index].op = .spike(op)
    }
    return try Graph(verifying: draft)
  }
}
