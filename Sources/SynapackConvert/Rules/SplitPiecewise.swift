internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Writes an activation of straight pieces as rectifiers, exactly.
///
///     leakyRelu(x)  = max(x, 0) − slope·max(−x, 0)
///     |x|           = max(x, 0) + max(−x, 0)
///     clip(x, l, u) = l + clip(x − l, 0, u − l)
///     hardSigmoid   = slope·clip(x + offset/slope, 0, 1/slope)
///
/// A parametric ReLU with one slope is a leaky one; with a slope a channel, the slopes become a
/// factor a channel behind the second rectifier.
enum SplitPiecewise: GraphRule {
  static let label = "split-piecewise"

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      if let function = function(of: node.op) {
        return try function.edit(node, label: label, graph)
      }
      if let edit = try parametric(node, graph) { return edit }
    }
    return nil
  }

  /// The function of an operator that has straight pieces and is no plain rectifier.
  static func function(of op: Op) -> PiecewiseLinear? {
    switch op {
    case .clip(let op) where op.lower != 0 && op.lower < op.upper: clip(op)
    case .activation(let op): function(op.function)
    default: nil
    }
  }

  private static func clip(_ op: Clip) -> PiecewiseLinear? {
    switch (op.lower.isFinite, op.upper.isFinite) {
    case (true, true):
      PiecewiseLinear(
        knots: [op.lower, op.upper], values: [op.lower, op.upper], left: 0, right: 0)
    case (true, false):
      PiecewiseLinear(knots: [op.lower], values: [op.lower], left: 0, right: 1)
    case (false, true):
      PiecewiseLinear(knots: [op.upper], values: [op.upper], left: 1, right: 0)
    case (false, false): nil
    }
  }

  private static func function(_ function: Activation.Function) -> PiecewiseLinear? {
    switch function {
    case .absolute: return PiecewiseLinear(knots: [0], values: [0], left: -1, right: 1)
    case .leakyRelu(let slope) where slope.isFinite:
      return PiecewiseLinear(knots: [0], values: [0], left: slope, right: 1)
    case .hardSigmoid(let slope, let offset) where slope > 0:
      let (low, high) = (-offset / slope, (1 - offset) / slope)
      guard low.isFinite, high.isFinite, low < high else { return nil }
      return PiecewiseLinear(knots: [low, high], values: [0, 1], left: 0, right: 0)
    default: return nil
    }
  }

  /// A parametric ReLU whose slopes are weights: one for all, or one a channel.
  private static func parametric(
    _ node: Node, _ graph: Graph<Analog>
  ) throws(PackError) -> GraphEdit? {
    guard case .binary(let op) = node.op, op.function == .parametricRelu, node.inputs.count == 2,
      let source = graph.producer(of: node.inputs[1]), case .constant(let slopes) = source.op,
      graph.shape(of: node.inputs[0]) == graph.shape(of: node.output)
    else { return nil }
    let values = try graph.weights.floats(slopes.weight)
    let shape = graph.shape(of: node.output)
    let leading = graph.shape(of: node.inputs[1])
    var single = node
    single.inputs = [node.inputs[0]]
    if let first = values.first, values.allSatisfy({ $0 == first }), first.isFinite {
      return try PiecewiseLinear(knots: [0], values: [0], left: first, right: 1)
        .edit(single, label: label, graph)
    }
    // [C, 1, …] is one slope a channel.
    guard leading.rank == shape.rank, leading.dimensions.first == shape.dimensions.first,
      values.count == shape.dimensions.first
    else { return nil }
    var edit = try PiecewiseLinear(knots: [0], values: [0], left: 2, right: 1)
      .edit(single, label: label, graph)
    // The left rectifier's factor, a placeholder of −2, becomes −slope a channel.
    let weight = graph.weights.freshName(node.name + ".slopes")
    edit.weights[weight] = try Tensor(
      shape: try Shape([values.count]), floats: values.map { -$0 })
    for index in edit.adds.indices {
      guard case .scale(let scale) = edit.adds[index].node.op, scale.factor == -2 else { continue }
      edit.adds[index].node.op = .channelAffine(ChannelAffine(scale: weight, shift: nil))
    }
    return edit
  }
}
