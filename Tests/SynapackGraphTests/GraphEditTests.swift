import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Edits: what they change, and that every invariant is held again.
struct GraphEditTests {
  /// x → first → second → third → [output]
  private func graph() throws -> Graph<Analog> {
    var b = try GraphBuilder(seed: 1, input: [4])
    let first = try b.linear(b.input, 4, name: "first")
    let second = try b.relu(first, name: "second")
    let third = try b.linear(second, 4, bias: false, name: "third")
    return try b.graph(third)
  }

  private func code(_ change: (inout GraphEdit, Graph<Analog>) throws -> Void) throws -> ErrorCode?
  {
    let graph = try graph()
    var edit = GraphEdit(label: "test")
    try change(&edit, graph)
    do {
      _ = try graph.applying(edit)
      return nil
    } catch { return error.code }
  }

  @Test func anEmptyEditChangesNothing() throws {
    let graph = try graph()
    let edited = try graph.applying(GraphEdit(label: "nothing"))
    #expect(edited.nodes == graph.nodes && edited.wires == graph.wires)
    #expect(edited.weights.names == graph.weights.names)
  }

  @Test func unusedWeightsAreDropped() throws {
    let graph = try graph()
    var edit = GraphEdit(label: "end-early")
    edit.removes = ["third"]
    edit.rewires = [graph.outputs[0]: graph.nodes[1].output]
    edit.weights["unused"] = try Tensor(shape: Shape([1]), floats: [1])
    let edited = try graph.applying(edit)
    #expect(edited.nodes.map { $0.name } == ["first", "second"])
    #expect(edited.outputs == [graph.nodes[1].output])
    #expect(Set(edited.weights.names) == Set(graph.nodes[0].op.payload.weightNames))
    // The graph that was edited keeps its own.
    #expect(graph.weights.names.count == 3)
  }

  @Test func nodesAreAddedBeforeTheirPlace() throws {
    let graph = try graph()
    let wire = WireID(index: graph.wires.count)
    var edit = GraphEdit(label: "insert")
    edit.wires = [Wire(name: "extra", shape: try Shape([4]))]
    edit.adds = [
      (
        "third",
        Node(
          name: "extra", op: .scale(Scale(factor: 3)), inputs: [graph.nodes[1].output],
          output: wire)
      )
    ]
    edit.rewires = [graph.nodes[1].output: wire]
    let edited = try graph.applying(edit)
    #expect(edited.nodes.map { $0.name } == ["first", "second", "extra", "third"])
    let sample = FloatArray(shape: try Shape([4]), values: [1, -2, 0.5, 3])
    let before = try #require(try graph.evaluateReference(sample).first)
    let after = try #require(try edited.evaluateReference(sample).first)
    for (old, new) in zip(before.values, after.values) { #expect(abs(new - 3 * old) < 1e-5) }
  }

  @Test func nodesAreReplaced() throws {
    let graph = try graph()
    var node = graph.nodes[1]
    node.op = .clip(Clip(lower: 0, upper: 1))
    var edit = GraphEdit(label: "replace")
    edit.replaces = ["second": node]
    #expect(try graph.applying(edit).nodes[1] == node)
  }

  @Test func wrongEditsAreDefects() throws {
    // A rewire to another shape, to a wire that nobody drives, and around a cycle.
    #expect(
      try code { edit, graph in
        edit.wires = [Wire(name: "wide", shape: try Shape([5]))]
        edit.rewires = [graph.nodes[0].output: WireID(index: graph.wires.count)]
      } == .defect)
    #expect(
      try code { edit, graph in
        edit.wires = [Wire(name: "loose", shape: try Shape([4]))]
        edit.rewires = [graph.nodes[0].output: WireID(index: graph.wires.count)]
      } == .defect)
    #expect(
      try code { edit, graph in edit.rewires = [graph.nodes[0].output: graph.nodes[2].output] }
        == .defect)
    // A wire that does not exist, a node left without its input, and names that nobody has.
    #expect(
      try code { edit, graph in edit.rewires = [WireID(index: 99): graph.nodes[0].output] }
        == .defect)
    #expect(try code { edit, _ in edit.removes = ["first"] } == .defect)
    #expect(try code { edit, _ in edit.removes = ["none"] } == .defect)
    #expect(try code { edit, graph in edit.replaces = ["none": graph.nodes[0]] } == .defect)
    #expect(
      try code { edit, graph in
        edit.wires = [Wire(name: "extra", shape: try Shape([4]))]
        let wire = WireID(index: graph.wires.count)
        edit.adds = [
          ("none", Node(name: "extra", op: .relu(Relu()), inputs: graph.inputs, output: wire))
        ]
      } == .defect)
  }
}
