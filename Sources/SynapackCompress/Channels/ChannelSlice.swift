internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A graph without some of its channels, really smaller.
///
///     W′ = W[kept outputs, kept inputs],   b′ = b[kept outputs]
struct ChannelSlice: Sendable {
  private let graph: Graph<Analog>
  /// For each wire the channels that stay, ascending.
  private let kept: [[Int]]
  private let uses: [String: Int]

  /// - Parameter removed: for each wire the channels that go.
  init(_ graph: Graph<Analog>, without removed: [Set<Int>]) {
    self.graph = graph
    kept = zip(graph.wires, removed).map { wire, removed in
      (0..<(wire.shape.rank > 0 ? wire.shape[0] : 0)).filter { !removed.contains($0) }
    }
    var uses: [String: Int] = [:]
    for name in graph.nodes.flatMap({ $0.op.payload.weightNames }) { uses[name, default: 0] += 1 }
    self.uses = uses
  }

  /// The channels of a wire that stay.
  func channels(of wire: WireID) -> [Int] { kept[wire.index] }

  /// Nodes and wires keep their names, places and order.
  func sliced() throws(PackError) -> Graph<Analog> {
    var draft = graph.draft
    draft.weights = WeightStore()
    for (index, wire) in graph.wires.enumerated() {
      draft.wires[index].shape = try shape(wire.shape, kept[index].count)
    }
    for (index, node) in graph.nodes.enumerated() {
      draft.nodes[index].op = try within(.node(node.name)) { () throws(PackError) in
        try sliced(node, &draft.weights)
      }
    }
    return try Graph(verifying: draft)
  }

  private func shape(_ whole: Shape, _ channels: Int) throws(PackError) -> Shape {
    guard whole.rank > 0, channels != whole[0] else { return whole }
    return try Shape([channels] + whole.dimensions.dropFirst())
  }

  private func sliced(_ node: Node, _ weights: inout WeightStore) throws(PackError) -> Op {
    let rows = kept[node.output.index]
    switch node.op {
    case .convolution(var op):
      let columns = op.groups == 1 ? [kept[node.inputs[0].index]] : []
      op.weight = try store(op.weight, node, &weights, [rows] + columns)
      op.bias = try op.bias.map { (name) throws(PackError) in
        try store(name, node, &weights, [rows])
      }
      if op.groups > 1, graph.shape(of: node.inputs[0])[0] == op.groups {
        op.groups = kept[node.inputs[0].index].count
      }
      return .convolution(op)
    case .linear(var op) where graph.shape(of: node.inputs[0]).rank == 1:
      op.weight = try store(op.weight, node, &weights, [rows, kept[node.inputs[0].index]])
      op.bias = try op.bias.map { (name) throws(PackError) in
        try store(name, node, &weights, [rows])
      }
      return .linear(op)
    case .channelAffine(var op):
      op.scale = try op.scale.map { (name) throws(PackError) in
        try store(name, node, &weights, [rows])
      }
      op.shift = try op.shift.map { (name) throws(PackError) in
        try store(name, node, &weights, [rows])
      }
      return .channelAffine(op)
    case .reshape(var op):
      op.shape = try shape(op.shape, rows.count)
      return .reshape(op)
    default:
      for name in node.op.payload.weightNames { weights[name] = try graph.weights.tensor(name) }
      return node.op
    }
  }

  /// Stores the places of a tensor that stay along its first axes, and returns its name.
  private func store(
    _ name: String, _ node: Node, _ weights: inout WeightStore, _ kept: [[Int]]
  ) throws(PackError) -> String {
    let whole = try graph.weights.tensor(name)
    // A weight of several nodes may lose other channels at each of them.
    let own = uses[name] == 1 ? name : "\(name)@\(node.name)"
    var dimensions = whole.shape.dimensions
    var values = whole.floats()
    for (axis, places) in kept.enumerated() where axis < dimensions.count {
      guard places.count < dimensions[axis], places.allSatisfy({ $0 < dimensions[axis] }) else {
        continue
      }
      let inner = dimensions[(axis + 1)...].reduce(1, *)
      let outer = dimensions[..<axis].reduce(1, *)
      let extent = dimensions[axis]
      values = (0..<outer).flatMap { block in
        places.flatMap { place in
          let start = (block * extent + place) * inner
          return values[start..<start + inner]
        }
      }
      dimensions[axis] = places.count
    }
    weights[own] = try Tensor(shape: Shape(dimensions), floats: values)
    return own
  }
}
