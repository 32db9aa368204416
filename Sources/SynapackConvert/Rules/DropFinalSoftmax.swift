internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Ends the graph before a softmax, which changes no decision.
///
///     … → linear → softmax → output      ⟹      … → linear → output
///
/// Its logarithm too.
enum DropFinalSoftmax: GraphRule {
  static let label = "drop-final-softmax"
  static let finding: Finding? = Finding(
    .droppedSoftmax, .note, "the program ends before the softmax; its output is logits")

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      guard case .softmax(let op) = node.op, graph.outputs.contains(node.output),
        graph.consumers(of: node.output).isEmpty, let input = node.inputs.first,
        let axis = op.resolvedAxis(graph.shape(of: input)),
        // One distribution over all values: the largest stays the largest.
        graph.shape(of: input)[axis] == graph.shape(of: input).count
      else { continue }
      var edit = GraphEdit(label: label)
      edit.removes = [node.name]
      edit.rewires = [node.output: input]
      return edit
    }
    return nil
  }
}
