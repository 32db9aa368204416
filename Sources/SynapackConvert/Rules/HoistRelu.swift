internal import SynapackGraph
internal import SynapackSupport

/// Moves a rectifier before an operator that only moves or picks values, so that it stands right
/// behind the weights whose neuron it becomes.
///
///     conv → maxPool → relu      ⟹      conv → relu → maxPool
///     [a, b] → concat → relu     ⟹      [a → relu, b → relu] → concat
///
/// The same for reshape and transpose. relu and max commute because relu is monotone.
enum HoistRelu: GraphRule {
  static let label = "hoist-relu"

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      guard isRectifier(node.op), let input = node.inputs.first,
        let mover = graph.producer(of: input), moves(mover.op),
        graph.consumers(of: input).count == 1, !graph.outputs.contains(input)
      else { continue }
      var edit = GraphEdit(label: label)
      var moved = mover
      moved.output = node.output
      for (index, source) in mover.inputs.enumerated() {
        let name =
          mover.inputs.count == 1 ? node.name : graph.freshNodeName("\(node.name).\(index + 1)")
        let wire = WireID(index: graph.wires.count + index)
        edit.wires.append(Wire(name: name, shape: graph.shape(of: source)))
        edit.adds.append(
          (before: mover.name, Node(name: name, op: node.op, inputs: [source], output: wire)))
        moved.inputs[index] = wire
      }
      edit.replaces = [mover.name: moved]
      edit.removes = [node.name]
      return edit
    }
    return nil
  }

  static func isRectifier(_ op: Op) -> Bool {
    switch op {
    case .relu, .clip: true
    default: false
    }
  }

  private static func moves(_ op: Op) -> Bool {
    switch op {
    case .maxPool, .concat, .reshape, .transpose: true
    default: false
    }
  }
}
