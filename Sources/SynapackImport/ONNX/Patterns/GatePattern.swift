internal import SynapackGraph
internal import SynapackSupport

/// An activation times a gate of itself.
///
///     x · sigmoid(x)                    ⟹      silu(x)
///     x · hardSigmoid(x; 1/6, 1/2)      ⟹      hardSwish(x)
enum GatePattern: GraphPattern {
  static func edit(endingIn node: Node, _ links: GraphLinks) throws(PackError) -> GraphEdit? {
    guard case .binary(let op) = node.op, op.function == .multiply else { return nil }
    for (gate, other) in [(0, 1), (1, 0)] {
      guard let inner = links.inner(node.inputs[gate]), case .activation(let op) = inner.op,
        inner.inputs[0] == node.inputs[other], let function = gated(op.function)
      else { continue }
      return GraphEdit(
        "recognize-gate", replacing: node, by: .activation(Activation(function)),
        of: node.inputs[other], dropping: [inner])
    }
    return nil
  }

  private static func gated(_ function: Activation.Function) -> Activation.Function? {
    switch function {
    case .sigmoid: .silu
    case .hardSigmoid(slope: let slope, offset: 0.5) where abs(slope - 1 / 6) < 1e-6: .hardSwish
    default: nil
    }
  }
}
