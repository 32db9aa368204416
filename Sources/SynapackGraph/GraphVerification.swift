internal import SynapackSupport
internal import SynapackTensor

extension Graph {
  /// Checks the invariants: every wire driven once and before its use, names unique, operators
  /// of this phase, shapes as the operators state them, weights present and finite in shape.
  func verify() throws(PackError) {
    var driven = Set<WireID>()
    for input in inputs {
      try checkExists(input, "a graph input")
      guard driven.insert(input).inserted else { throw malformed("an input is listed twice") }
    }
    var names = Set<String>()
    for node in nodes {
      guard names.insert(node.name).inserted else {
        throw malformed("two nodes have this name").at(.node(node.name))
      }
      try within(.node(node.name)) { () throws(PackError) in try check(node, &driven) }
    }
    guard !outputs.isEmpty else { throw malformed("the graph has no output") }
    for output in outputs {
      try checkExists(output, "a graph output")
      guard driven.contains(output) else {
        throw malformed("the output `\(wires[output.index].name)` is never computed")
      }
    }
  }

  private func check(_ node: Node, _ driven: inout Set<WireID>) throws(PackError) {
    guard P.allows(node.op) else {
      throw malformed("\(node.op.name) cannot stand in a graph of the phase \(P.name)")
    }
    var shapes: [Shape] = []
    for input in node.inputs {
      try checkExists(input, "an input")
      guard driven.contains(input) else {
        throw malformed("the input `\(wires[input.index].name)` is used before it is computed")
      }
      shapes.append(shape(of: input))
    }
    try checkExists(node.output, "the output")
    let expected = try node.op.payload.outputShape(shapes, weights)
    guard expected == shape(of: node.output) else {
      throw PackError(
        .wrongShape, "the output is \(shape(of: node.output)), the operator computes \(expected)",
        hint: "check this layer in the source model")
    }
    guard driven.insert(node.output).inserted else {
      throw malformed("the wire `\(wires[node.output.index].name)` is computed twice")
    }
  }

  private func checkExists(_ wire: WireID, _ role: String) throws(PackError) {
    guard wires.indices.contains(wire.index) else {
      throw malformed("\(role) is a wire that does not exist")
    }
  }

  private func malformed(_ message: String) -> PackError {
    PackError(.malformedGraph, message, hint: "export the model again")
  }
}
