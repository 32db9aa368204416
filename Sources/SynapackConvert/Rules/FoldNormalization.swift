internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Folds a normalization, or any factor and offset a channel, into the weights before it.
///
///     conv(W, b) → batchNormalization      ⟹      conv(a·W, a·b + c)
///
/// a, c: the scale and shift that the normalization amounts to, one a channel of the output.
enum FoldNormalization: GraphRule {
  static let label = "fold-normalization"

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      guard let input = node.inputs.first, let before = graph.producer(of: input),
        graph.consumers(of: input).count == 1, !graph.outputs.contains(input),
        let (scale, shift) = try affine(node, graph), let layer = WeightedNode(before, graph)
      else { continue }
      return try fold(node, into: layer, scale, shift, graph)
    }
    return nil
  }

  /// The scale and shift a channel of a node that is nothing more; `nil` for any other node.
  private static func affine(
    _ node: Node, _ graph: Graph<Analog>
  ) throws(PackError) -> (scale: [Float], shift: [Float])? {
    switch node.op {
    case .batchNormalization(let op): return try op.affine(graph.weights)
    case .channelAffine(let op):
      let channels = graph.shape(of: node.output).dimensions.first ?? 1
      return try op.affine(graph.weights, channels: channels)
    default: return nil
    }
  }

  private static func fold(
    _ node: Node, into layer: WeightedNode, _ scale: [Float], _ shift: [Float],
    _ graph: Graph<Analog>
  ) throws(PackError) -> GraphEdit {
    let tensor = try graph.weights.tensor(layer.weight)
    var values = tensor.floats()
    let row = values.count / max(1, scale.count)
    for index in values.indices { values[index] *= scale[index / row] }
    var offsets = shift
    if let bias = layer.bias {
      for (channel, value) in try graph.weights.floats(bias).enumerated() {
        offsets[channel] += scale[channel] * value
      }
    }
    let weight = graph.weights.freshName(layer.node.name + ".folded.weight")
    let bias = graph.weights.freshName(layer.node.name + ".folded.bias")
    var edit = GraphEdit(label: label)
    edit.weights[weight] = try Tensor(shape: tensor.shape, floats: values)
    edit.weights[bias] = try Tensor(shape: try Shape([offsets.count]), floats: offsets)
    var folded = layer.with(weight: weight, bias: bias)
    folded.output = node.output
    edit.replaces = [layer.node.name: folded]
    edit.removes = [node.name]
    return edit
  }
}
