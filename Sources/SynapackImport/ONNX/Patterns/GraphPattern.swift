internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// An operator that exporters write out as several: recognized, so that the graph names it.
protocol GraphPattern: Sendable {
  /// The edit that puts the one operator in the place of the nodes that end in `node`; `nil` where
  /// they are not there, or where something else reads a value between them.
  static func edit(endingIn node: Node, _ links: GraphLinks) throws(PackError) -> GraphEdit?
}

/// Every pattern, in order. A test fails for a file that is missing here.
let graphPatterns: [any GraphPattern.Type] = [
  LayerNormalizationPattern.self, GeluPattern.self,
  GatePattern.self,  // last: a gate is part of the longer patterns
]

extension Graph<Analog> {
  /// The graph with every pattern recognized.
  func recognizingPatterns() throws(PackError) -> Graph<Analog> {
    var graph = self
    for pattern in graphPatterns {
      var links = GraphLinks(graph)
      for node in graph.nodes {
        guard links.isThere(node), let edit = try pattern.edit(endingIn: node, links) else {
          continue
        }
        graph = try graph.applying(edit)
        links = GraphLinks(graph)
      }
    }
    return graph
  }
}

/// Who drives and who reads each wire of a graph.
struct GraphLinks {
  let graph: Graph<Analog>
  private let nodes: [Node]
  private var producers: [WireID: Int] = [:]
  private var readers: [WireID: Int] = [:]

  init(_ graph: Graph<Analog>) {
    self.graph = graph
    nodes = graph.nodes
    for (index, node) in nodes.enumerated() {
      producers[node.output] = index
      for input in node.inputs { readers[input, default: 0] += 1 }
    }
    for output in graph.outputs { readers[output, default: 0] += 1 }
  }

  /// Whether the graph still has the node, as it was.
  func isThere(_ node: Node) -> Bool {
    producers[node.output].map { nodes[$0] == node } ?? false
  }

  /// The node that drives `wire`, for an input of a graph none.
  func producer(_ wire: WireID) -> Node? { producers[wire].map { nodes[$0] } }

  /// The node that drives `wire`, where `reads` reads in all are known to be the pattern's own.
  func inner(_ wire: WireID, reads: Int = 1) -> Node? {
    readers[wire] == reads ? producer(wire) : nil
  }

  /// The value of a wire that is one constant number everywhere.
  func number(_ wire: WireID) -> Float? {
    guard case .constant(let op)? = producer(wire)?.op else { return nil }
    return uniform(op.weight)
  }

  /// The one value that all elements of a weight have.
  func uniform(_ weight: String) -> Float? {
    guard let tensor = graph.weights[weight], tensor.shape.count <= 1 << 16 else { return nil }
    let values = tensor.floats()
    guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// What a node adds to its single changing input, where it is one number.
  func addend(of node: Node) -> (input: WireID, value: Float)? {
    switch node.op {
    case .channelAffine(let op):
      guard op.scale == nil, let shift = op.shift, let value = uniform(shift) else { return nil }
      return (node.inputs[0], value)
    case .binary(let op) where op.function == .add:
      if let value = number(node.inputs[1]) { return (node.inputs[0], value) }
      return number(node.inputs[0]).map { (node.inputs[1], $0) }
    default: return nil
    }
  }
}

extension GraphEdit {
  /// The edit that computes the output of `last` by one operator and drops the nodes it stood for.
  init(_ label: String, replacing last: Node, by op: Op, of input: WireID, dropping: [Node]) {
    self.init(label: label)
    var node = last
    node.op = op
    node.inputs = [input]
    replaces = [last.name: node]
    removes = Set(dropping.map(\.name))
  }
}
