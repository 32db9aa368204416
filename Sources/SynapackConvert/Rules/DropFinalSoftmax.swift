internal import SynapackGraph
internal import SynapackSupport

/// Ends the graph before a softmax, which changes no decision.
///
///     … → linear → softmax → output      ⟹      … → linear → output
enum DropFinalSoftmax: GraphRule {
  static let label = "drop-final-softmax"
  static let finding: Finding? = Finding(
    .droppedSoftmax, .note, "the program ends before the softmax; its output is logits")

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      guard case .softmax = node.op, graph.outputs.contains(node.output),
        graph.consumers(of: node.output).isEmpty, let input = node.inputs.first
      else { continue }
      var edit = GraphEdit(label: label)
      edit.removes = [node.name]
      edit.rewires = [node.output: input]
      return edit
    }
    return nil
  }
}
