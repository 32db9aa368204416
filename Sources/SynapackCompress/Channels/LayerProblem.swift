internal import SynapackDense
internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The least-squares problem of one weighted layer: outputs that it should have, from inputs that it
/// gets.
struct LayerProblem: Sendable {
  /// Samples whose features are laid out at once.
  private static let batch = 8
  /// Parts whose sums are made side by side; fixed, so that no sum depends on the threads.
  private static let parts = 4
  /// Positions that are enough for any layer; planes of many need fewer samples.
  private static let positions = 1 << 18

  let features: LayerFeatures
  let node: Node

  /// `nil` for a node that no problem describes.
  init?(_ node: Node, in graph: Graph<Analog>) {
    guard let features = LayerFeatures(node, in: graph) else { return nil }
    (self.features, self.node) = (features, node)
  }

  /// How many of `count` samples are used.
  private func enough(_ count: Int) -> Int {
    min(count, max(64, LayerProblem.positions / max(1, features.positions)))
  }

  /// Gathers the problem over samples.
  ///
  /// - Parameter observe: the inputs of the layer and the outputs that it should have, for a range of
  ///   samples.
  func equations(
    count: Int, threads: Int,
    observe: @Sendable (Range<Int>) throws(PackError) -> (inputs: [Float], targets: [Float])
  ) throws(PackError) -> NormalEquations {
    let used = enough(count)
    let (batch, features) = (LayerProblem.batch, features)
    let size = (used + LayerProblem.parts - 1) / LayerProblem.parts
    let parts = try parallelUnits(
      count: (used + size - 1) / max(1, size), threads: threads
    ) { (part) throws(PackError) in
      var sums = NormalEquations(columns: features.columns, outputs: features.outputs)
      let end = min(used, (part + 1) * size)
      for start in stride(from: part * size, to: end, by: batch) {
        let range = start..<min(end, start + batch)
        let (inputs, targets) = try observe(range)
        features.add(inputs, targets: targets, count: range.count, to: &sums)
      }
      return sums
    }
    var whole = NormalEquations(columns: features.columns, outputs: features.outputs)
    for part in parts { whole.add(part) }
    return whole
  }

  /// [W, b] of the layer, [outputs × columns].
  func weights(_ graph: Graph<Analog>) throws(PackError) -> [Float] {
    let (weight, bias) = names
    guard let weight else { return [] }
    let values = try graph.weights.floats(weight)
    let offsets = try bias.map { (name) throws(PackError) in try graph.weights.floats(name) }
    let row = features.columns - 1
    var whole: [Float] = []
    for output in 0..<features.outputs {
      whole += values[output * row..<(output + 1) * row]
      whole.append(offsets?[output] ?? 0)
    }
    return whole
  }

  /// The names of the layer's weights and bias.
  private var names: (weight: String?, bias: String?) {
    switch node.op {
    case .convolution(let op): (op.weight, op.bias)
    case .linear(let op): (op.weight, op.bias)
    default: (nil, nil)
    }
  }

  /// Puts [W, b] into a graph; a layer without a bias gets one.
  func set(_ weights: [Float], in draft: inout GraphDraft) throws(PackError) {
    guard let place = draft.nodes.firstIndex(where: { $0.name == node.name }),
      let weight = names.weight
    else { return }
    let bias = names.bias ?? draft.weights.freshName("\(node.name).bias")
    let (row, outputs) = (features.columns, features.outputs)
    draft.weights[weight] = try Tensor(
      shape: draft.weights.tensor(weight).shape,
      floats: (0..<outputs).flatMap { weights[$0 * row..<($0 + 1) * row - 1] })
    draft.weights[bias] = try Tensor(
      shape: Shape([outputs]), floats: (0..<outputs).map { weights[($0 + 1) * row - 1] })
    switch draft.nodes[place].op {
    case .convolution(var op):
      op.bias = bias
      draft.nodes[place].op = .convolution(op)
    case .linear(var op):
      op.bias = bias
      draft.nodes[place].op = .linear(op)
    default: break
    }
  }
}
