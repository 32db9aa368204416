import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport

/// Draws graphs of any analog operator in any order, over planes, lines and vectors.
struct RandomGraph {
  var b: GraphBuilder
  /// The operators used, by name.
  private(set) var used: Set<String> = []

  init(seed: Int) throws(PackError) {
    var shapes = SeededGenerator(seed: UInt64(seed))
    let line = Int.random(in: 0..<4, using: &shapes) == 0
    let channels = Int.random(in: 1...4, using: &shapes)
    let (height, width) = (
      Int.random(in: 3...7, using: &shapes), Int.random(in: 2...7, using: &shapes)
    )
    b = try GraphBuilder(
      seed: UInt64(seed), input: line ? [channels, width * 2] : [channels, height, width])
  }

  mutating func next() throws(PackError) -> Graph<Analog> {
    var wire = b.input
    for _ in 0..<Int.random(in: 2...7, using: &b.random) {
      wire = Bool.random(using: &b.random) ? try step(wire) : try furtherStep(wire)
    }
    if Bool.random(using: &b.random) {
      wire = try b.linear(b.flatten(wire), 5, bias: Bool.random(using: &b.random))
      if Bool.random(using: &b.random) { wire = try b.add(.softmax(Softmax(axis: 0)), wire) }
    }
    let graph = try b.graph(wire)
    used = Set(graph.nodes.map { $0.op.name })
    return graph
  }

  mutating func samples(_ count: Int) -> [Float] { b.samples(count, signed: true) }

  private mutating func step(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    guard shape.rank > 0 else { return try b.flatten(wire) }
    switch Int.random(in: 0..<14, using: &b.random) {
    case 0: return try b.relu(wire)
    case 1: return try b.add(.clip(Clip(lower: -0.5, upper: 0.8)), wire)
    case 2: return try b.add(.scale(Scale(factor: b.pick(-1.5, 0.25, 2))), wire)
    case 3: return try b.normalization(wire)
    case 4: return try b.affine(wire)
    case 5: return try b.add(.add(Add()), wire, b.relu(wire), wire)
    case 6:
      let axis = Int.random(in: 0..<shape.rank, using: &b.random)
      return try b.add(.concat(Concat(axis: axis)), wire, b.relu(wire))
    case 7:
      let order = Array(0..<shape.rank).shuffled(using: &b.random)
      return try b.add(.transpose(Transpose(permutation: order)), wire)
    case 8: return try pool(wire, 0)
    case 9: return try pool(wire, 1)
    case 10: return try pool(wire, 2)
    case 11:
      let op = Op.pad(Pad(edges: edges(shape, lowest: -1)))
      return fits(op, shape) ? try b.add(op, wire) : wire
    default: return try convolution(wire)
    }
  }

  func fits(_ op: Op, _ shape: Shape) -> Bool {
    (try? op.payload.outputShape([shape], b.draft.weights)) != nil
  }

  private mutating func edges(_ shape: Shape, lowest: Int = 0) -> Edges {
    let cells = (0..<4).map { _ in Int.random(in: lowest...2, using: &b.random) }
    guard shape.rank == 3 else { return Edges(left: cells[1], right: cells[3]) }
    return Edges(top: cells[0], left: cells[1], bottom: cells[2], right: cells[3])
  }

  private mutating func window(_ shape: Shape) -> Window {
    let flat = shape.rank < 3
    return Window(
      kernel: Extent(y: flat ? 1 : b.pick(1, 2, 3), x: b.pick(1, 2, 3)),
      stride: Extent(y: b.pick(1, 1, 2), x: b.pick(1, 2, 3)),
      dilation: Extent(y: b.pick(1, 1, 2), x: b.pick(1, 1, 2)), padding: edges(shape))
  }

  private mutating func pool(_ wire: WireID, _ kind: Int) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    var window = window(shape)
    if shape.rank == 3 { window.overhang = Extent(y: b.pick(0, 0, 1), x: b.pick(0, 1)) }
    let op: Op =
      switch kind {
      case 0: .maxPool(MaxPool(window: window))
      case 1: .windowSum(WindowSum(window: window))
      default:
        .averagePool(AveragePool(window: window, countsPadding: Bool.random(using: &b.random)))
      }
    guard fits(op, shape) else { return wire }
    // A mean over nothing has no value, and is refused when it is asked for.
    if case .averagePool(let pool) = op, (try? pool.divisors(input: shape)) == nil { return wire }
    return try b.add(op, wire)
  }

  private mutating func convolution(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    let channels = shape.planes?.channels ?? 1
    let window = window(shape)
    guard let planes = shape.planes, shape.rank > 1,
      window.outputExtent(of: Extent(y: planes.height, x: planes.width)) != nil
    else { return wire }
    let divisors = (1...channels).filter { channels % $0 == 0 }
    let groups = divisors[Int.random(in: divisors.indices, using: &b.random)]
    return try b.convolution(
      wire, groups * b.pick(1, 1, 2), window, groups: groups,
      bias: Bool.random(using: &b.random))
  }
}
