public import SynapackSupport
public import SynapackTensor

/// A network: nodes in topological order, typed wires between them, and the weights they name.
///
/// The phase says what the wires carry. A graph is made by an importer or by a pass, both of
/// which end in the checks of ``init(verifying:)``, and is changed by ``applying(_:)`` alone.
public struct Graph<P: Phase>: Sendable {
  public private(set) var nodes: [Node]
  public private(set) var wires: [Wire]
  public private(set) var inputs: [WireID]
  public private(set) var outputs: [WireID]
  public private(set) var weights: WeightStore
  public let origin: Origin

  /// Takes the parts of a graph and checks every one of its invariants.
  ///
  /// - Throws: `SYN0209` for a malformed graph, `SYN0210` and `SYN0211` as the operators say.
  public init(verifying draft: GraphDraft) throws(PackError) {
    nodes = draft.nodes
    wires = draft.wires
    inputs = draft.inputs
    outputs = draft.outputs
    weights = draft.weights
    origin = draft.origin
    try verify()
  }

  /// The parts as a draft, to be changed and verified again, perhaps as another phase.
  public var draft: GraphDraft {
    GraphDraft(
      nodes: nodes, wires: wires, inputs: inputs, outputs: outputs, weights: weights,
      origin: origin)
  }

  public func shape(of wire: WireID) -> Shape { wires[wire.index].shape }

  /// The node that drives `wire`, `nil` for an input of the graph.
  public func producer(of wire: WireID) -> Node? {
    nodes.first { $0.output == wire }
  }

  /// The nodes that read `wire`, in topological order.
  public func consumers(of wire: WireID) -> [Node] {
    nodes.filter { $0.inputs.contains(wire) }
  }

  /// The number of weight elements that the nodes use.
  public var parameterCount: Int {
    Set(nodes.flatMap { $0.op.payload.weightNames }).reduce(0) { sum, name in
      sum + (weights[name]?.shape.count ?? 0)
    }
  }
}

/// The parts of a graph that nobody has checked yet.
public struct GraphDraft: Sendable {
  public var nodes: [Node]
  public var wires: [Wire]
  public var inputs: [WireID]
  public var outputs: [WireID]
  public var weights: WeightStore
  public var origin: Origin

  public init(
    nodes: [Node] = [], wires: [Wire] = [], inputs: [WireID] = [], outputs: [WireID] = [],
    weights: WeightStore = WeightStore(), origin: Origin
  ) {
    self.nodes = nodes
    self.wires = wires
    self.inputs = inputs
    self.outputs = outputs
    self.weights = weights
    self.origin = origin
  }

  /// Adds a wire and returns its identity.
  public mutating func addWire(_ name: String, _ shape: Shape) -> WireID {
    wires.append(Wire(name: name, shape: shape))
    return WireID(index: wires.count - 1)
  }

  /// Adds a node that drives a new wire of the node's name, with the shape the operator states.
  @discardableResult
  public mutating func addNode(
    _ name: String, _ op: Op, _ inputs: [WireID]
  ) throws(PackError) -> WireID {
    var shapes: [Shape] = []
    for input in inputs { shapes.append(wires[input.index].shape) }
    let shape = try within(.node(name)) { () throws(PackError) in
      try op.payload.outputShape(shapes, weights)
    }
    let output = addWire(name, shape)
    nodes.append(Node(name: name, op: op, inputs: inputs, output: output))
    return output
  }
}

/// Identifies a wire of one graph.
public struct WireID: Sendable, Hashable {
  public let index: Int

  public init(index: Int) {
    self.index = index
  }
}

/// A value that flows: its name and the shape of one sample.
public struct Wire: Sendable, Hashable {
  public var name: String
  public var shape: Shape

  public init(name: String, shape: Shape) {
    self.name = name
    self.shape = shape
  }
}

/// An operator at work: what it reads and the one wire that it drives.
public struct Node: Sendable, Hashable {
  public var name: String
  public var op: Op
  public var inputs: [WireID]
  public var output: WireID

  public init(name: String, op: Op, inputs: [WireID], output: WireID) {
    self.name = name
    self.op = op
    self.inputs = inputs
    self.output = output
  }
}

/// Where a graph came from. No path and no time, so that equal files give equal bundles.
public struct Origin: Sendable, Hashable {
  /// The identifier of the format, e.g. `onnx`.
  public var format: String
  /// The SHA-256 of the file.
  public var digest: Digest?
  /// What the file says of its producer, e.g. `pytorch 2.13.0`.
  public var producer: String
  /// The version of the operators, e.g. `17`.
  public var version: String

  public init(format: String, digest: Digest?, producer: String, version: String) {
    self.format = format
    self.digest = digest
    self.producer = producer
    self.version = version
  }
}
