internal import SynapackGraph
internal import SynapackSupport

/// Takes the rounding of activations out of a model that was quantized for integer kernels: a
/// spiking program has levels of its own.
///
///     x → quantization → dequantization      ⟹      x
///
/// where both have the same scale s and zero point z, one for the whole wire. The pair also limits
/// values to (lower − z)·s … (upper − z)·s. Where that holds back negative values — exporters leave
/// a ReLU to it — or stands behind a ReLU, the limits stay, as a clip from 0; elsewhere they are
/// those of the calibration and go with the rounding.
enum DropActivationLevels: GraphRule {
  static let label = "drop-activation-levels"

  static func loss(places: Int) -> Loss? {
    Loss(
      .droppedActivationLevels, .warning, subject: "activations",
      "the rounding to integer levels is taken out of \(places) activations; the program rounds "
        + "them in its own way")
  }

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    var producers: [WireID: Node] = [:]
    for node in graph.nodes {
      if let pair = try pair(node, producers, graph) {
        return edit(pair, producers, graph)
      }
      producers[node.output] = node
    }
    return nil
  }

  private struct Pair {
    var quantization: Node
    var dequantization: Node
    /// The wire whose values are rounded.
    var source: WireID
    var lower: Float
    var upper: Float
  }

  private static func pair(
    _ node: Node, _ producers: [WireID: Node], _ graph: Graph<Analog>
  ) throws(PackError) -> Pair? {
    guard case .dequantization(let back) = node.op, let middle = node.inputs.first,
      let before = producers[middle], case .quantization(let op) = before.op,
      let source = before.inputs.first
    else { return nil }
    let scales = try graph.weights.floats(op.scale)
    let zeros = try floats(op.zeroPoint, graph) ?? [0]
    guard scales.count == 1, zeros.count == 1, scales[0] > 0,
      try graph.weights.floats(back.scale) == scales,
      try floats(back.zeroPoint, graph) ?? [0] == zeros
    else { return nil }
    return Pair(
      quantization: before, dequantization: node, source: source,
      lower: (Float(op.lower) - zeros[0]) * scales[0],
      upper: (Float(op.upper) - zeros[0]) * scales[0])
  }

  private static func floats(
    _ name: String?, _ graph: Graph<Analog>
  ) throws(PackError) -> [Float]? {
    try name.map { (name) throws(PackError) in try graph.weights.floats(name) }
  }

  private static func edit(
    _ pair: Pair, _ producers: [WireID: Node], _ graph: Graph<Analog>
  ) -> GraphEdit {
    var edit = GraphEdit(label: label)
    let (first, last) = (pair.quantization, pair.dequantization)
    let isSoleReader = graph.consumers(of: first.output).count == 1
    if isSoleReader, !graph.outputs.contains(first.output) { edit.removes = [first.name] }
    let before = producers[pair.source]
    if let before, let limits = limits(of: before.op, pair) {
      // Behind a ReLU that nobody else reads: one clip in place of both.
      if graph.consumers(of: pair.source).count == 1, !graph.outputs.contains(pair.source),
        edit.removes.contains(first.name)
      {
        var clip = before
        clip.op = .clip(limits)
        edit.replaces = [before.name: clip]
      }
    } else if pair.lower == 0, pair.upper > 0, before != nil,
      !isNonNegative(pair.source, producers)
    {
      var clip = last
      clip.op = .clip(Clip(lower: 0, upper: pair.upper))
      clip.inputs = [pair.source]
      edit.replaces = [last.name: clip]
      return edit
    }
    edit.removes.insert(last.name)
    edit.rewires = [last.output: pair.source]
    return edit
  }

  /// A rectifier together with the limits of a pair behind it.
  private static func limits(of op: Op, _ pair: Pair) -> Clip? {
    guard pair.lower <= 0, pair.upper > 0 else { return nil }
    switch op {
    case .relu: return Clip(lower: 0, upper: pair.upper)
    case .clip(let op) where op.lower == 0:
      return Clip(lower: 0, upper: min(op.upper, pair.upper))
    default: return nil
    }
  }

  /// Whether a wire carries no negative values, as far as its operators say.
  private static func isNonNegative(_ wire: WireID, _ producers: [WireID: Node]) -> Bool {
    var open = [wire]
    var seen: Set<WireID> = []
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      guard let node = producers[next] else { return false }
      switch node.op {
      case .relu: continue
      case .clip(let op) where op.lower >= 0: continue
      case .add, .averagePool, .concat, .maxPool, .pad, .reshape, .select, .slice, .tile,
        .transpose, .windowSum:
        open += node.inputs
      default: return false
      }
    }
    return true
  }
}
