internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Gives the channels between two weighted layers one scale.
///
///     relu(W₁ x + b₁) → W₂      ⟹      relu(S⁻¹ W₁ x + S⁻¹ b₁) → W₂ S
///
/// S: a power of two for each channel, by which the largest weight of its row in W₁ comes to lie in
/// [1, 2); a rectifier passes factors on, and so do pooling and reshaping, so not a bit of the output
/// changes. What a fit holds back and what pruning spares depends on such scales, which the source
/// network has by chance where it was not trained with a normalization. Layers whose rows are alike
/// stay. Source: Nagel et al., "Data-free quantization through weight equalization
/// and bias correction", ICCV 2019, equation 6; there with S such that the ranges of both layers
/// agree.
enum EqualizeChannels: GraphRule {
  static let label = "equalize-channels"

  /// What the largest weights of rows may differ by. Small differences are no chance: a channel of
  /// small weights often matters less. ResNet-20 at T = 16 with ternary weights keeps 78.9 % with its
  /// own scales and 74.6 % with all of them equal.
  private static let likeness: Float = 16

  static func edit(_ graph: Graph<Analog>) throws(PackError) -> GraphEdit? {
    for node in graph.nodes {
      guard case .relu = node.op, let input = node.inputs.first,
        let before = graph.producer(of: input), graph.consumers(of: input).count == 1,
        !graph.outputs.contains(input), let layer = WeightedNode(before, graph),
        let readers = readers(of: node.output, graph)
      else { continue }
      let known = try layer.largestOfRows(graph.weights).map(scale)
      let own = known.compactMap { $0 }
      guard let least = own.min(), let most = own.max(), most / least > likeness else { continue }
      let scales = known.map { $0 ?? 1 }
      var edit = GraphEdit(label: label)
      try layer.scale(rows: scales.map { 1 / $0 }, graph, &edit)
      for reader in readers { try reader.scale(columns: scales, graph, &edit) }
      return edit
    }
    return nil
  }

  /// The power of two below a row's largest weight; `nil`, and the row stays, where it has only zeros or a
  /// product with the scale could leave the range of a `Float`.
  private static func scale(_ largest: Float) -> Float? {
    guard largest.isNormal, (-60...60).contains(largest.exponent) else { return nil }
    return Float(sign: .plus, exponent: largest.exponent, significand: 1)
  }

  /// The layers that read a wire, as it is or pooled; `nil` where anything else does.
  private static func readers(of wire: WireID, _ graph: Graph<Analog>) -> [WeightedNode]? {
    guard !graph.outputs.contains(wire) else { return nil }
    var found: [WeightedNode] = []
    for node in graph.consumers(of: wire) {
      switch node.op {
      case .convolution, .linear:
        guard let reader = WeightedNode(node, graph) else { return nil }
        found.append(reader)
      case .maxPool, .averagePool:
        guard let further = readers(of: node.output, graph) else { return nil }
        found += further
      case .reshape where graph.shape(of: node.output).rank == 1:
        guard let further = readers(of: node.output, graph) else { return nil }
        found += further
      default: return nil
      }
    }
    return Set(found.map(\.node.name)).count == found.count ? found : nil
  }
}

extension WeightedNode {
  fileprivate func largestOfRows(_ weights: WeightStore) throws(PackError) -> [Float] {
    let tensor = try weights.tensor(weight)
    var largest = Array(repeating: Float(0), count: tensor.shape[0])
    let row = tensor.shape.count / max(1, largest.count)
    for (index, value) in tensor.floats().enumerated() {
      largest[index / row] = max(largest[index / row], value.magnitude)
    }
    return largest
  }

  fileprivate func scale(
    rows scales: [Float], _ graph: Graph<Analog>, _ edit: inout GraphEdit
  ) throws(PackError) {
    var named: String?
    if let bias {
      let values = zip(try graph.weights.floats(bias), scales).map { $0 * $1 }
      let name = graph.weights.freshName(node.name + ".equal.bias")
      edit.weights[name] = try Tensor(shape: try Shape([values.count]), floats: values)
      named = name
    }
    try scale(graph, &edit, bias: named) { place, count in scales[place / (count / scales.count)] }
  }

  /// Channels of a flattened wire are runs of columns.
  fileprivate func scale(
    columns scales: [Float], _ graph: Graph<Analog>, _ edit: inout GraphEdit
  ) throws(PackError) {
    let shape = try graph.weights.tensor(weight).shape
    let (rows, inner) = (shape[0], shape.rank > 1 ? shape[1] : 1)
    let run = max(1, inner * groups / max(1, scales.count))
    try scale(graph, &edit) { place, count in
      let row = count / max(1, rows)
      let group = place / row * groups / rows
      let column = place % row / (row / inner)
      return scales[(group * inner + column) / run]
    }
  }

  private func scale(
    _ graph: Graph<Analog>, _ edit: inout GraphEdit, bias: String? = nil,
    by factor: (_ place: Int, _ count: Int) -> Float
  ) throws(PackError) {
    let tensor = try graph.weights.tensor(weight)
    let count = tensor.shape.count
    let values = tensor.floats().enumerated().map { $1 * factor($0, count) }
    let name = graph.weights.freshName(node.name + ".equal.weight")
    edit.weights[name] = try Tensor(shape: tensor.shape, floats: values)
    edit.replaces[node.name] = with(weight: name, bias: bias)
  }
}
