internal import SynapackGraph
internal import SynapackSupport

/// The exact Gaussian error linear unit, written out.
///
///     x · (1 + erf(x / √2)) · ½      ⟹      gelu(x)
///
/// The half may stand before, between or behind the factors.
enum GeluPattern: GraphPattern {
  static func edit(endingIn node: Node, _ links: GraphLinks) throws(PackError) -> GraphEdit? {
    if case .scale(let half) = node.op, half.factor == 0.5,
      let product = links.inner(node.inputs[0]), let match = match(product, links, isHalved: false)
    {
      return GraphEdit(
        "recognize-gelu", replacing: node, by: .activation(Activation(.gelu)), of: match.input,
        dropping: match.nodes + [product])
    }
    guard let match = match(node, links, isHalved: true) else { return nil }
    return GraphEdit(
      "recognize-gelu", replacing: node, by: .activation(Activation(.gelu)), of: match.input,
      dropping: match.nodes)
  }

  /// The factors of a product that are x, halved or not, and 1 + erf(x / √2), in either order.
  private static func match(
    _ product: Node, _ links: GraphLinks, isHalved: Bool
  ) -> (input: WireID, nodes: [Node])? {
    guard case .binary(let op) = product.op, op.function == .multiply else { return nil }
    for (gate, other) in [(0, 1), (1, 0)] {
      guard var found = self.gate(product.inputs[gate], links) else { continue }
      let factor = product.inputs[other]
      if !isHalved, factor == found.input { return found }
      guard isHalved, let half = links.inner(factor), case .scale(let scale) = half.op,
        scale.factor == 0.5, half.inputs[0] == found.input
      else { continue }
      found.nodes.append(half)
      return found
    }
    return nil
  }

  /// 1 + erf(x / √2)
  private static func gate(
    _ wire: WireID, _ links: GraphLinks
  ) -> (input: WireID, nodes: [Node])? {
    guard let sum = links.inner(wire), let (inner, one) = links.addend(of: sum), one == 1,
      let error = links.inner(inner), case .activation(let op) = error.op,
      op.function == .errorFunction, let root = links.inner(error.inputs[0]),
      case .scale(let scale) = root.op, abs(scale.factor - Float(0.5).squareRoot()) < 1e-6
    else { return nil }
    return (root.inputs[0], [root, error, sum])
  }
}
