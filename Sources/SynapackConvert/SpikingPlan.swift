public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// What becomes of each node of an analog graph when it is converted, decided before any work.
///
/// A wire either carries *spikes* — payloads of neurons, perhaps summed, moved or scaled — or is
/// *weighted*, the input of a neuron. Weights may only stand on wires of spikes; where a graph puts
/// them on a weighted wire, a neuron for the bare value is put between.
public struct SpikingPlan: Sendable {
  /// The neurons to be balanced, in topological order.
  public private(set) var sites: [NeuronSite] = []
  /// The max-poolings that neurons play out, in topological order.
  public private(set) var tournaments: [TournamentSite] = []
  /// Nodes without a spiking form: name, operator and what to do.
  public private(set) var refusals: [(node: String, op: String, advice: String)] = []
  /// The numbers of inputs and outputs of the graph; a program has one of each.
  private let interface: (inputs: Int, outputs: Int)
  /// For each node name, whether its pooling has one divisor everywhere.
  private(set) var steps: [String: Step] = [:]

  /// What to do with one node.
  enum Step: Sendable, Hashable {
    /// The operator stays.
    case keep
    /// The operator becomes a neuron of the site of its own name.
    case fire
    /// Sum-pooling with one factor folded onward.
    case sumPool(Float)
    /// Sum-pooling with a neuron whose thresholds carry the divisors.
    case firingPool
    /// Max-pooling by a tournament of neurons.
    case tournament
    /// A factor and offset a channel become a depthwise convolution.
    case depthwise
    /// The operator is computed on running means by the neurons of the site of its own name.
    case compensate
  }

  private enum Kind {
    case spikes(nonNegative: Bool, plain: Bool)
    case weighted
    /// A product that the softmax behind it computes.
    case fused
  }

  /// Whether the graph needs neurons that compute operators on running means.
  public let isCompensated: Bool
  private let operands: Set<WireID>
  let fused: Set<WireID>
  /// The nodes that a softmax behind them computes.
  private(set) var fusedNodes: Set<String> = []
  /// Wires whose values do not lie as their neurons do.
  private var moved: Set<WireID> = []

  private var kinds: [WireID: Kind] = [:]
  /// Wires that get a neuron of their own behind them.
  private(set) var carried: [WireID: NeuronSite] = [:]

  public init(_ graph: Graph<Analog>) {
    interface = (graph.inputs.count, graph.outputs.count)
    isCompensated = CompensatedOperators.areNeeded(by: graph)
    operands = CompensatedOperators.operands(of: graph)
    fused = CompensatedOperators.fusedWires(of: graph)
    for input in graph.inputs { kinds[input] = .spikes(nonNegative: false, plain: false) }
    for node in graph.nodes {
      decide(node, graph)
      lay(node)
      multiply(node, graph)
    }
    sites.sort { $0.order < $1.order }
  }

  private mutating func decide(_ node: Node, _ graph: Graph<Analog>) {
    let first = node.inputs.first ?? node.output
    switch node.op {
    case .linear where graph.shape(of: first).rank == 2 && isCompensated:
      weigh(node, .keep, graph)
    case .linear where graph.shape(of: first).rank > 1:
      refuse(node, "flatten before the layer; along the last axis alone it runs dense")
    case .convolution, .linear: weigh(node, .keep, graph)
    // An offset alone changes no neuron's form: it goes into the biases behind it.
    case .channelAffine(let op) where op.scale == nil: shift(node)
    case .batchNormalization, .channelAffine:
      guard graph.shape(of: first).planes != nil else {
        return refuse(node, "normalize [C], [C, L] or [C, H, W]; more axes run dense")
      }
      weigh(node, .depthwise, graph)
    case .relu: fire(node, ceiling: .infinity, graph)
    case .clip(let op):
      guard op.lower == 0, op.upper > 0 else {
        return refuse(node, "clip from 0, as ReLU6 does")
      }
      fire(node, ceiling: op.upper, graph)
    case .softmax(let op): share(node, op, graph)
    case .layerNormalization(let op): normalize(node, op, graph)
    case .matrixProduct: product(node, graph)
    case .activation(let op) where isCompensated && SmoothDomain(op.function) != nil:
      compensate(node, sign: op.function.isNonNegative ? .rectified : .signed, graph)
    case .constant:
      steps[node.name] = .keep
      kinds[node.output] = .spikes(nonNegative: false, plain: false)
    case .spike, .neuron, .delay: refuse(node, "give the analog network")
    case .maxPool: tournament(node, graph)
    case .averagePool(let op): average(node, op, graph)
    case .windowSum(let op) where op.window.dilation != Extent(y: 1, x: 1):
      refuse(node, "use sum-pooling without dilation")
    case .windowSum, .pad:
      carry(first, graph)
      move(node, plain: false)
    case .transpose:
      // Thresholds that are alike in all channels can be laid in any order.
      if !isCompensated { carry(first, graph) }
      pass(node, first)
    case .reshape(let op):
      // A neuron keeps its own layout, so its parameters must be those of the channels before.
      if graph.shape(of: first).planes?.channels != op.shape.planes?.channels {
        carry(first, graph)
      }
      pass(node, first)
    case .scale(let op):
      steps[node.name] = .keep
      if fused.contains(node.output) {
        kinds[node.output] = .fused
        return
      }
      kinds[node.output] =
        isWeighted(first)
        ? .weighted : .spikes(nonNegative: isNonNegative(first) && op.factor >= 0, plain: false)
    case .concat(let op) where op.axis != 0:
      refuse(node, "concatenate channels")
    case .concat:
      for input in node.inputs { carry(input, graph) }
      move(node, plain: node.inputs.allSatisfy(isPlain))
    case .add:
      let weighted = node.inputs.contains { isWeighted($0) }
      steps[node.name] = .keep
      if weighted { kinds[node.output] = .weighted } else { move(node, plain: false) }
    case .activation, .binary, .convolutionTranspose, .dequantization, .groupNormalization,
      .localResponseNormalization, .quantization, .reduce, .select, .slice, .tile,
      .volumeConvolution, .volumePool, .where:
      refuse(node, SpikingPlan.advice(for: node.op))
    }
  }

  mutating func fuse(_ node: Node) {
    fusedNodes.insert(node.name)
    steps[node.name] = .keep
    kinds[node.output] = .fused
  }

  mutating func addCompensated(_ node: Node, _ site: NeuronSite) {
    steps[node.name] = .compensate
    kinds[node.output] = .spikes(nonNegative: site.sign == .rectified, plain: true)
    sites.append(site)
  }

  /// Marks the wires whose values may lie in another order than their neurons.
  private mutating func lay(_ node: Node) {
    let isTokens = if case .linear = node.op { isCompensated } else { false }
    let isTurned = if case .transpose = node.op { true } else { false }
    if isTokens || isTurned || node.inputs.contains(where: moved.contains) {
      moved.insert(node.output)
    }
  }

  /// Gives a wire whose values are multiplied one population, all of whose payloads stand for the
  /// same.
  private mutating func multiply(_ node: Node, _ graph: Graph<Analog>) {
    guard operands.contains(node.output), steps[node.name] != .compensate else { return }
    if case .constant = node.op {
      return refuse(node, "multiply by constants as a layer of weights")
    }
    carry(node.output, graph, always: true)
  }

  private mutating func pass(_ node: Node, _ input: WireID) {
    kinds[node.output] = kinds[input]
    steps[node.name] = .keep
  }

  private mutating func shift(_ node: Node) {
    steps[node.name] = .keep
    let hasWeighted = node.inputs.contains { isWeighted($0) }
    kinds[node.output] = hasWeighted ? .weighted : .spikes(nonNegative: false, plain: false)
  }

  private mutating func weigh(_ node: Node, _ step: Step, _ graph: Graph<Analog>) {
    for input in node.inputs { carry(input, graph) }
    kinds[node.output] = .weighted
    steps[node.name] = step
  }

  private mutating func fire(_ node: Node, ceiling: Float, _ graph: Graph<Analog>) {
    steps[node.name] = .fire
    kinds[node.output] = .spikes(nonNegative: true, plain: true)
    guard let input = node.inputs.first else { return }
    sites.append(
      NeuronSite(
        name: node.name, wire: input, sign: .rectified, ceiling: ceiling, order: sites.count,
        isUniform: moved.contains(input)))
  }

  private mutating func tournament(_ node: Node, _ graph: Graph<Analog>) {
    guard let input = node.inputs.first else { return }
    carry(input, graph)
    if case .spikes(false, _) = kinds[input] {
      return refuse(node, "put a ReLU before or right behind the max-pooling")
    }
    // A sum of several neurons has no one amplitude for the tournament to count in.
    if !isPlain(input) { carry(input, graph, always: true) }
    steps[node.name] = .tournament
    if case .maxPool(let op) = node.op {
      tournaments.append(
        TournamentSite(name: node.name, wire: input, output: node.output, window: op.window))
    }
    kinds[node.output] = .spikes(nonNegative: true, plain: false)
  }

  private mutating func average(_ node: Node, _ op: AveragePool, _ graph: Graph<Analog>) {
    guard let input = node.inputs.first else { return }
    guard op.window.dilation == Extent(y: 1, x: 1) else {
      return refuse(node, "use average pooling without dilation")
    }
    carry(input, graph)
    let divisors = (try? op.divisors(input: graph.shape(of: input))) ?? []
    if let divisor = divisors.first, divisors.allSatisfy({ $0 == divisor }) {
      steps[node.name] = .sumPool(1 / Float(divisor))
      return move(node, plain: false)
    }
    guard isNonNegative(input) else {
      return refuse(node, "use average pooling without padding, or a ReLU before it")
    }
    steps[node.name] = .firingPool
    kinds[node.output] = .spikes(nonNegative: true, plain: true)
    sites.append(
      NeuronSite(
        name: node.name, wire: node.output, sign: .rectified, ceiling: .infinity,
        order: sites.count))
  }

  /// Values only move: the output carries spikes if every input does.
  private mutating func move(_ node: Node, plain: Bool) {
    steps[node.name] = steps[node.name] ?? .keep
    kinds[node.output] = .spikes(
      nonNegative: node.inputs.allSatisfy(isNonNegative), plain: plain)
  }

  /// Puts a neuron behind a weighted wire, so that weights can stand on it.
  private mutating func carry(_ wire: WireID, _ graph: Graph<Analog>, always: Bool = false) {
    guard carried[wire] == nil, always || isWeighted(wire) else { return }
    let positive = isNonNegative(wire)
    let site = NeuronSite(
      name: graph.wires[wire.index].name + ".carry", wire: wire,
      sign: positive ? .rectified : .signed, ceiling: .infinity, order: sites.count,
      isUniform: moved.contains(wire) || operands.contains(wire))
    sites.append(site)
    carried[wire] = site
    kinds[wire] = .spikes(nonNegative: positive, plain: positive)
  }

  mutating func refuse(_ node: Node, _ advice: String) {
    refusals.append((node.name, node.op.name, advice))
    kinds[node.output] = .spikes(nonNegative: true, plain: true)
  }

  private func isWeighted(_ wire: WireID) -> Bool {
    if case .weighted = kinds[wire] { true } else { false }
  }

  private func isNonNegative(_ wire: WireID) -> Bool {
    if case .spikes(true, _) = kinds[wire] { true } else { false }
  }

  private func isPlain(_ wire: WireID) -> Bool {
    if case .spikes(_, true) = kinds[wire] { true } else { false }
  }

  /// Whether the whole graph has a spiking form.
  public var isConvertible: Bool { refusals.isEmpty && interface == (1, 1) }

  /// - Throws: `SYN0301` with every node that has no spiking form, `SYN0213` where the graph has not
  ///   one input and one output.
  public func check() throws(PackError) {
    guard refusals.isEmpty else {
      let list = refusals.map { "node `\($0.node)`: \($0.op) — \($0.advice)" }
      throw PackError(
        .cannotSpike, "no spiking form for \(list.joined(separator: "; "))",
        hint: "change these layers in the source model and export it again")
    }
    guard interface == (1, 1) else {
      throw PackError(
        .unsupportedInterface,
        "the graph has \(interface.inputs) inputs and \(interface.outputs) outputs",
        hint: "cut the model to one input and one output")
    }
  }
}

/// A place where neurons carry the values of a wire.
public struct NeuronSite: Sendable, Hashable {
  /// The name of the population.
  public let name: String
  /// The wire of the analog graph whose values, rectified or not, are carried.
  public let wire: WireID
  public let sign: Sign
  /// The value above which the source network clips.
  public let ceiling: Float
  let order: Int
  /// Whether all its neurons have one threshold, whatever their channel.
  var isUniform = false

  public enum Sign: Sendable, Hashable {
    /// max(z, 0)
    case rectified
    /// z itself
    case signed
  }
}
