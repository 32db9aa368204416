internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A graph that grows node by node, with unique names and bounded sizes.
struct NetworkDraft {
  private(set) var draft: GraphDraft
  private var names = UniqueNames()

  /// Elements of one sample on one wire; no chip and no test needs more.
  private static let largestWire = 1 << 26

  init(origin: Origin) {
    draft = GraphDraft(origin: origin)
  }

  func shape(_ wire: WireID) -> Shape { draft.wires[wire.index].shape }

  mutating func addInput(_ name: String, _ shape: Shape) throws(PackError) -> WireID {
    let wire = draft.addWire(names.take(name), shape)
    try checkSize(wire)
    draft.inputs.append(wire)
    return wire
  }

  /// Adds a node under `name`, or a name made from it where that is taken.
  mutating func add(_ name: String, _ op: Op, _ inputs: [WireID]) throws(PackError) -> WireID {
    let wire = try draft.addNode(names.take(name), op, inputs)
    try checkSize(wire)
    return wire
  }

  /// Adds a reshape unless the shape is the same already.
  mutating func reshape(
    _ wire: WireID, to shape: Shape, name: String
  ) throws(PackError) -> WireID {
    guard self.shape(wire) != shape else { return wire }
    return try add(name, .reshape(Reshape(shape: shape)), [wire])
  }

  mutating func store(_ tensor: Tensor, as name: String) {
    draft.weights[name] = tensor
  }

  /// The whole graph, checked.
  consuming func graph(outputs: [WireID]) throws(PackError) -> Graph<Analog> {
    draft.outputs = outputs
    return try Graph<Analog>(verifying: draft)
  }

  private func checkSize(_ wire: WireID) throws(PackError) {
    let shape = shape(wire)
    guard (1...NetworkDraft.largestWire).contains(shape.count) else {
      throw PackError(
        shape.count == 0 ? .wrongShape : .modelTooLarge,
        "a value of the shape \(shape) is empty or has more than 2²⁶ elements",
        at: .node(draft.wires[wire.index].name), hint: "check this layer and the input size")
    }
  }
}
