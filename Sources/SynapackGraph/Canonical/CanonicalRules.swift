internal import SynapackTensor

/// A node on its way to the digest, with the shapes that its form depends on.
struct CanonicalNode {
  var op: Op
  var inputs: [WireID]
  var inputShapes: [Shape]
  var output: WireID
  var shape: Shape
}

/// The nodes so far, each in its canonical form.
struct CanonicalGraph {
  private var nodes: [WireID: CanonicalNode] = [:]
  /// Wires that carry what another wire carries.
  private var aliases: [WireID: WireID] = [:]

  /// The wire that stands for `wire`.
  func source(_ wire: WireID) -> WireID { aliases[wire] ?? wire }

  /// Takes the next node in topological order and returns its form; `nil` where it is no more than
  /// another name of the wire that it reads.
  mutating func add(_ node: CanonicalNode) -> CanonicalNode? {
    var node = node
    node.inputs = node.inputs.map(source)
    while true {
      if CanonicalRules.isIdentity(node), let input = node.inputs.first {
        aliases[node.output] = input
        return nil
      }
      let before = node.inputs.first.flatMap { nodes[$0] }
      guard let next = CanonicalRules.all.lazy.compactMap({ $0(node, before) }).first else { break }
      node = next
    }
    nodes[node.output] = node
    return node
  }
}

/// The exact rewrites under which two graphs count as one network.
///
/// Each takes a node and the node that drives its first input, and gives the simpler form, or `nil`
/// where there is nothing to do. None of them changes a bit of what is computed.
enum CanonicalRules {
  typealias Rule = @Sendable (CanonicalNode, CanonicalNode?) -> CanonicalNode?

  static let all: [Rule] = [nameOnce, turnOnce, reshapeOnce, absorbPadding]

  /// Whether a node passes its input on.
  static func isIdentity(_ node: CanonicalNode) -> Bool {
    switch node.op {
    case .reshape: node.inputShapes == [node.shape]
    case .transpose(let op): op.permutation == Array(0..<op.permutation.count)
    case .scale(let op): op.factor == 1
    case .pad(let op): op.edges == Edges()
    case .concat: node.inputs.count == 1
    case .clip(let op): op.lower == -.infinity && op.upper == .infinity
    case .tile(let op): op.repeats.allSatisfy { $0 == 1 }
    default: false
    }
  }

  /// Operators that are a case of another take that one's name.
  ///
  ///     clip 0…∞ ⟹ relu;  binary add of one shape ⟹ add;  negate ⟹ scale by −1
  ///     average without padding ⟹ one that does not count it, of one position ⟹ stride 1
  ///     transpose past extents of 1 ⟹ reshape
  private static func nameOnce(_ node: CanonicalNode, _ before: CanonicalNode?) -> CanonicalNode? {
    var node = node
    switch node.op {
    case .clip(let op) where op.lower == 0 && op.upper == .infinity: node.op = .relu(Relu())
    case .binary(let op)
    where op.function == .add && node.inputShapes.allSatisfy { $0 == node.shape }:
      node.op = .add(Add())
    case .activation(let op) where op.function == .negate: node.op = .scale(Scale(factor: -1))
    case .averagePool(var op):
      let before = op
      if op.window.padding == Edges() { op.countsPadding = false }
      // Over a single position no stride is ever taken.
      if let planes = node.shape.planes {
        if planes.height == 1 { op.window.stride.y = 1 }
        if planes.width == 1 { op.window.stride.x = 1 }
      }
      guard op != before else { return nil }
      node.op = .averagePool(op)
    case .transpose(let op):
      let moved = op.permutation.filter { node.inputShapes.first?[$0] != 1 }
      guard moved == moved.sorted() else { return nil }
      node.op = .reshape(Reshape(shape: node.shape))
    default: return nil
    }
    return node
  }

  /// transpose → transpose  ⟹  transpose
  private static func turnOnce(_ node: CanonicalNode, _ before: CanonicalNode?) -> CanonicalNode? {
    guard case .transpose(let second) = node.op, let before, case .transpose(let first) = before.op
    else { return nil }
    var node = node
    node.op = .transpose(
      Transpose(permutation: second.permutation.map { first.permutation[$0] }))
    node.inputs = before.inputs
    node.inputShapes = before.inputShapes
    return node
  }

  /// reshape → reshape  ⟹  reshape
  private static func reshapeOnce(
    _ node: CanonicalNode, _ before: CanonicalNode?
  ) -> CanonicalNode? {
    guard case .reshape = node.op, let before, case .reshape = before.op else { return nil }
    var node = node
    node.inputs = before.inputs
    node.inputShapes = before.inputShapes
    return node
  }

  /// pad → convolution  ⟹  convolution with that padding, where nothing is cropped
  private static func absorbPadding(
    _ node: CanonicalNode, _ before: CanonicalNode?
  ) -> CanonicalNode? {
    guard case .convolution(var op) = node.op, let before, case .pad(let pad) = before.op else {
      return nil
    }
    let (added, own) = (pad.edges, op.window.padding)
    guard
      [added, own].allSatisfy({ min($0.top, $0.left, $0.bottom, $0.right) >= 0 })
    else { return nil }
    op.window.padding = Edges(
      top: added.top + own.top, left: added.left + own.left,
      bottom: added.bottom + own.bottom, right: added.right + own.right)
    var node = node
    node.op = .convolution(op)
    node.inputs = before.inputs
    node.inputShapes = before.inputShapes
    return node
  }
}
