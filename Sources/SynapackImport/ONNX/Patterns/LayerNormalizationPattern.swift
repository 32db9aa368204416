internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Layer normalization, written out.
///
///     d = x − mean(x);  d / √(mean(d²) + ε)            ⟹      layerNormalization(x)
///     … · γ + β, constants of the normalized shape     ⟹      its scale and shift
///
/// The means are over all axes from one on.
enum LayerNormalizationPattern: GraphPattern {
  static func edit(endingIn node: Node, _ links: GraphLinks) throws(PackError) -> GraphEdit? {
    if let match = core(node, links) {
      return GraphEdit(
        "recognize-layer-normalization", replacing: node, by: .layerNormalization(match.op),
        of: match.input, dropping: match.nodes)
    }
    guard case .binary(let binary) = node.op else { return nil }
    for (value, other) in [(0, 1), (1, 0)] {
      guard let before = links.inner(node.inputs[value]),
        case .layerNormalization(var op) = before.op,
        case .constant(let constant)? = links.producer(node.inputs[other])?.op,
        fits(constant.weight, op, before, links)
      else { continue }
      switch binary.function {
      case .multiply where op.scale == nil && op.shift == nil: op.scale = constant.weight
      case .add where op.shift == nil: op.shift = constant.weight
      default: continue
      }
      return GraphEdit(
        "recognize-layer-normalization", replacing: node, by: .layerNormalization(op),
        of: before.inputs[0], dropping: [before])
    }
    return nil
  }

  private static func fits(
    _ weight: String, _ op: LayerNormalization, _ node: Node, _ links: GraphLinks
  ) -> Bool {
    let shape = links.graph.shape(of: node.output).dimensions
    return links.graph.weights[weight]?.shape.dimensions == Array(shape[op.axis...])
  }

  private static func core(
    _ quotient: Node, _ links: GraphLinks
  ) -> (op: LayerNormalization, input: WireID, nodes: [Node])? {
    guard case .binary(let divide) = quotient.op, divide.function == .divide,
      let root = links.inner(quotient.inputs[1]), case .activation(let function) = root.op,
      function.function == .squareRoot, let sum = links.inner(root.inputs[0]),
      let (variance, epsilon) = links.addend(of: sum), epsilon > 0,
      let second = links.inner(variance), let squared = mean(second, links),
      let square = links.inner(second.inputs[0]),
      let (offset, reads) = squareRoot(of: square, links), offset == quotient.inputs[0],
      let difference = links.inner(offset, reads: reads + 1),
      case .binary(let subtract) = difference.op, subtract.function == .subtract,
      let first = links.inner(difference.inputs[1]), let axis = mean(first, links),
      axis == squared, first.inputs[0] == difference.inputs[0]
    else { return nil }
    let op = LayerNormalization(axis: axis, scale: nil, shift: nil, epsilon: epsilon)
    return (op, difference.inputs[0], [first, difference, square, second, sum, root])
  }

  /// What is squared, and how often the square reads it.
  private static func squareRoot(of node: Node, _ links: GraphLinks) -> (WireID, reads: Int)? {
    guard case .binary(let op) = node.op else { return nil }
    switch op.function {
    case .multiply where node.inputs[0] == node.inputs[1]: return (node.inputs[0], 2)
    case .power where links.number(node.inputs[1]) == 2: return (node.inputs[0], 1)
    default: return nil
    }
  }

  /// The first axis of a mean over all axes from it on, which it keeps.
  private static func mean(_ node: Node, _ links: GraphLinks) -> Int? {
    guard case .reduce(let op) = node.op, op.function == .mean, op.keepsAxes,
      let axis = op.axes.first,
      op.axes == Array(axis..<links.graph.shape(of: node.inputs[0]).rank)
    else { return nil }
    return axis
  }
}
