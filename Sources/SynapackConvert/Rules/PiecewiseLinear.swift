internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A continuous function of straight pieces, as neurons can carry it: each piece is a rectifier.
///
///     f(x) = f₀ − m_L·max(t₀ − x, 0) + Σ_i m_i·clip(x − t_i, 0, t_{i+1} − t_i) + m_R·max(x − t_n, 0)
///
/// t₀ < … < t_n: knots; f_i: the values there, f₀ the first; m_i = (f_{i+1} − f_i)/(t_{i+1} − t_i):
/// slope of piece i; m_L, m_R: the slopes below the first knot and above the last. A piece is
/// clipped to its own length and not a difference of two rectifiers, so that its payloads resolve
/// the piece alone.
struct PiecewiseLinear: Sendable, Hashable {
  var knots: [Float]
  var values: [Float]
  var left: Float
  var right: Float

  func slope(_ piece: Int) -> Float {
    (values[piece + 1] - values[piece]) / (knots[piece + 1] - knots[piece])
  }

  func value(_ x: Float) -> Float {
    guard let first = knots.first, let last = knots.last else { return 0 }
    if x <= first { return values[0] + left * (x - first) }
    if x >= last { return values[values.count - 1] + right * (x - last) }
    let piece = (knots.firstIndex { $0 > x } ?? 1) - 1
    return values[piece] + slope(piece) * (x - knots[piece])
  }

  /// One rectifier: factor · clip(sign·x + shift, 0, ceiling).
  struct Piece: Sendable, Hashable {
    var sign: Float
    var shift: Float
    var ceiling: Float
    var factor: Float
  }

  /// The rectifiers whose factor is not zero.
  var pieces: [Piece] {
    guard let first = knots.first, let last = knots.last else { return [] }
    var pieces = [Piece(sign: -1, shift: first, ceiling: .infinity, factor: -left)]
    for index in knots.indices.dropLast() {
      pieces.append(
        Piece(
          sign: 1, shift: -knots[index], ceiling: knots[index + 1] - knots[index],
          factor: slope(index)))
    }
    pieces.append(Piece(sign: 1, shift: -last, ceiling: .infinity, factor: right))
    return pieces.filter { $0.factor != 0 }
  }
}

extension PiecewiseLinear {
  /// The edit that puts the rectifiers in place of `node`, which reads one wire.
  ///
  ///     x → node      ⟹      [x → (shift) → relu or clip → (scale)] for each piece → add → (shift)
  func edit(_ node: Node, label: String, _ graph: Graph<Analog>) throws(PackError) -> GraphEdit {
    var draft = PieceDraft(node, label: label, graph)
    guard let input = node.inputs.first else { return draft.edit }
    var wires: [WireID] = []
    for (index, piece) in pieces.enumerated() {
      let name = "\(node.name).piece.\(index + 1)"
      var wire = input
      if piece.sign < 0 {
        wire = draft.add(name + ".mirrored", .scale(Scale(factor: -1)), [wire])
      }
      wire = try draft.shift(name + ".shifted", wire, by: piece.shift)
      let rectifier: Op =
        piece.ceiling == .infinity
        ? .relu(Relu()) : .clip(Clip(lower: 0, upper: piece.ceiling))
      wire = draft.add(name, rectifier, [wire])
      if piece.factor != 1 {
        wire = draft.add(name + ".scaled", .scale(Scale(factor: piece.factor)), [wire])
      }
      wires.append(wire)
    }
    if wires.isEmpty { wires = [draft.add(node.name + ".none", .scale(Scale(factor: 0)), [input])] }
    let sum = wires.count == 1 ? wires[0] : draft.add(node.name + ".sum", .add(Add()), wires)
    let result = try draft.shift(node.name + ".offset", sum, by: values.first ?? 0)
    draft.edit.removes = [node.name]
    draft.edit.rewires = [node.output: result]
    return draft.edit
  }
}

/// New nodes of one shape before a node that they replace.
private struct PieceDraft {
  var edit: GraphEdit
  private let node: Node
  private let graph: Graph<Analog>
  private let shape: Shape

  init(_ node: Node, label: String, _ graph: Graph<Analog>) {
    edit = GraphEdit(label: label)
    self.node = node
    self.graph = graph
    shape = graph.shape(of: node.output)
  }

  mutating func add(_ name: String, _ op: Op, _ inputs: [WireID]) -> WireID {
    let wire = WireID(index: graph.wires.count + edit.wires.count)
    let name = graph.freshNodeName(name)
    edit.wires.append(Wire(name: name, shape: shape))
    edit.adds.append((before: node.name, Node(name: name, op: op, inputs: inputs, output: wire)))
    return wire
  }

  mutating func shift(_ name: String, _ wire: WireID, by offset: Float) throws(PackError) -> WireID
  {
    guard offset != 0 else { return wire }
    let weight = graph.weights.freshName(name)
    let channels = shape.dimensions.first ?? 1
    edit.weights[weight] = try Tensor(
      shape: try Shape([channels]), floats: Array(repeating: offset, count: channels))
    return add(name, .channelAffine(ChannelAffine(scale: nil, shift: weight)), [wire])
  }
}
