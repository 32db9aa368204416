import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport

/// The operators that run dense alone, on arrays of any rank.
extension RandomGraph {
  mutating func furtherStep(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    guard shape.rank > 0, shape.count < 1500 else { return try reduction(wire) }
    switch Int.random(in: 0..<16, using: &b.random) {
    case 0: return try activation(wire)
    case 1, 2: return try binary(wire)
    case 3: return try product(wire)
    case 4: return try reduction(wire)
    case 5: return try slice(wire)
    case 6: return try selection(wire)
    case 7:
      return try b.add(
        .softmax(Softmax(axis: axis(shape), isLogarithmic: Bool.random(using: &b.random))), wire)
    case 8: return try layerNormalization(wire)
    case 9: return try groupNormalization(wire)
    case 10:
      let op = LocalResponseNormalization(size: b.pick(1, 2, 3, 5), alpha: 0.3, beta: 0.75, bias: 1)
      return try b.add(.localResponseNormalization(op), wire)
    case 11: return try volume(wire)
    case 12: return try transposedConvolution(wire)
    case 13: return try choice(wire)
    case 14: return try levels(wire)
    default: return try rows(wire)
    }
  }

  private mutating func axis(_ shape: Shape) -> Int {
    Int.random(in: 0..<shape.rank, using: &b.random)
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &b.random)
  }

  /// Functions with steps only where both executions see the very same values.
  private mutating func activation(_ wire: WireID) throws(PackError) -> WireID {
    if Bool.random(using: &b.random), wire == b.input {
      return try b.add(
        .activation(Activation(b.pick(.floor, .ceiling, .roundHalfEven, .sign))), wire)
    }
    let bounded = try b.add(.activation(Activation(b.pick(.sigmoid, .softplus))), wire)
    let tame: Activation.Function = b.pick(
      .absolute, .negate, .sine, .cosine, .sigmoid, .hyperbolicTangent, .errorFunction, .gelu,
      .geluTanh, .softplus, .softsign, .silu, .mish, .hardSwish,
      .hardSigmoid(slope: 0.3, offset: 0.4), .leakyRelu(slope: 0.1), .elu(alpha: 0.7))
    let second: Activation.Function = b.pick(
      .selu(alpha: 1.67, gamma: 1.05), .celu(alpha: 0.6), .squareRoot)
    return Bool.random(using: &b.random)
      ? try b.add(.activation(Activation(tame)), wire)
      : try b.add(.activation(Activation(second)), bounded)
  }

  private mutating func constant(_ shape: [Int], _ range: ClosedRange<Float>) throws(PackError)
    -> WireID
  {
    try b.add(.constant(Constant(weight: b.weight("constant", shape, range))))
  }

  /// A shape that stretches to `shape`.
  private mutating func narrowed(_ shape: Shape) -> [Int] {
    var dimensions = shape.dimensions.map { Bool.random(using: &b.random) ? $0 : 1 }
    while let first = dimensions.first, first == 1, Bool.random(using: &b.random) {
      dimensions.removeFirst()
    }
    return dimensions
  }

  private mutating func binary(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    let other = try constant(narrowed(shape), 0.5...1.5)
    let smooth = try b.add(.activation(Activation(.sigmoid)), wire)
    switch number(0...6) {
    case 0: return try b.add(.binary(Binary(.power)), smooth, other)
    case 1: return try b.add(.binary(Binary(.divide)), wire, other)
    case 2: return try b.add(.binary(Binary(b.pick(.minimum, .maximum))), other, wire)
    case 3: return try b.add(.binary(Binary(.parametricRelu)), wire, other)
    case 4:
      // Both stretch: a column of one against a row of the other.
      let row = try constant([b.pick(1, 3)] + shape.dimensions.map { _ in 1 }, -1...1)
      return try b.add(.binary(Binary(.subtract)), row, wire)
    case 5: return try b.add(.binary(Binary(.multiply)), wire, smooth)
    default: return try b.add(.binary(Binary(b.pick(.add, .subtract, .multiply))), other, wire)
    }
  }

  private mutating func product(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    guard shape.rank >= 2 else { return wire }
    let inner = shape[shape.rank - 1]
    if Bool.random(using: &b.random) {
      var order = Array(0..<shape.rank)
      order.swapAt(shape.rank - 1, shape.rank - 2)
      let turned = try b.add(.transpose(Transpose(permutation: order)), wire)
      let scaled = try b.add(.scale(Scale(factor: 1 / Float(inner))), turned)
      return try b.add(.matrixProduct(MatrixProduct()), wire, scaled)
    }
    let leading = b.pick([], [1], [2, 1], Array(shape.dimensions.dropLast(2)))
    let limit = 1 / Float(inner).squareRoot()
    let other = try constant(leading + [inner, number(1...4)], -limit...limit)
    return try b.add(.matrixProduct(MatrixProduct()), wire, other)
  }

  private mutating func reduction(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    guard shape.rank > 0 else { return try b.flatten(wire) }
    let axes = (0..<shape.rank).filter { _ in Bool.random(using: &b.random) }
    let function: Reduce.Function = b.pick(
      .mean, .maximum, .minimum, .norm, .logarithmOfExponentialSum, .sum, .absoluteSum, .squareSum,
      .product, .logarithmOfSum)
    var source = wire
    if function == .logarithmOfSum {
      source = try b.add(.activation(Activation(.sigmoid)), wire)
    } else {
      source = try b.add(.activation(Activation(.hyperbolicTangent)), wire)
    }
    let op = Reduce(function, axes: axes, keepsAxes: Bool.random(using: &b.random))
    let reduced = try b.add(.reduce(op), source)
    let count = Float(shape.count / max(1, b.shape(reduced).count))
    return try b.add(.scale(Scale(factor: 1 / count)), reduced)
  }

  private mutating func slice(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    var op = Slice(starts: [], counts: [], steps: [])
    for extent in shape.dimensions {
      let step = b.pick(1, 1, 2, -1, -2)
      let start = step > 0 ? number(0...(extent - 1) / 2) : number(extent / 2...extent - 1)
      let most = step > 0 ? (extent - 1 - start) / step : start / -step
      op.starts.append(start)
      op.steps.append(step)
      op.counts.append(number((most + 1) / 2...most) + 1)
    }
    return try b.add(.slice(op), wire)
  }

  private mutating func selection(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    let axis = axis(shape)
    if Bool.random(using: &b.random) {
      let indices = (0..<number(1...4)).map { _ in number(0...shape[axis] - 1) }
      return try b.add(.select(Select(axis: axis, indices: indices)), wire)
    }
    var repeats = shape.dimensions.map { _ in 1 }
    repeats[axis] = b.pick(2, 3)
    return try b.add(.tile(Tile(repeats: repeats)), wire)
  }

  private mutating func layerNormalization(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    let axis = axis(shape)
    let normalized = Array(shape.dimensions[axis...])
    let op = LayerNormalization(
      axis: axis, scale: b.pick(true, false) ? try b.weight("gamma", normalized, 0.5...1.5) : nil,
      shift: b.pick(true, false) ? try b.weight("beta", normalized, -1...1) : nil, epsilon: 1e-2)
    return try b.add(.layerNormalization(op), wire)
  }

  private mutating func groupNormalization(_ wire: WireID) throws(PackError) -> WireID {
    let channels = b.shape(wire)[0]
    let divisors = (1...channels).filter { channels % $0 == 0 }
    let groups = divisors[number(0...divisors.count - 1)]
    let op = GroupNormalization(
      groups: groups,
      scale: b.pick(true, false) ? try b.weight("gamma", [channels], 0.5...1.5) : nil,
      shift: b.pick(true, false) ? try b.weight("beta", [channels], -1...1) : nil, epsilon: 1e-2)
    return try b.add(.groupNormalization(op), wire)
  }

  private mutating func window(_ extents: [Int]) -> VolumeWindow {
    VolumeWindow(
      kernel: extents.map { _ in number(1...3) }, stride: extents.map { _ in number(1...2) },
      dilation: extents.map { _ in number(1...2) }, before: extents.map { _ in number(-1...2) },
      after: extents.map { _ in number(-1...2) })
  }

  private mutating func volume(_ wire: WireID) throws(PackError) -> WireID {
    var wire = wire
    if b.shape(wire).rank == 3, Bool.random(using: &b.random) {
      wire = try b.add(.reshape(Reshape(shape: Shape([1] + b.shape(wire).dimensions))), wire)
    }
    let shape = b.shape(wire)
    guard shape.rank > 1 else { return wire }
    var window = window(Array(shape.dimensions.dropFirst()))
    if Bool.random(using: &b.random) {
      window.overhang = window.overhang.map { _ in number(0...1) }
      let pool = VolumePool(
        b.pick(.maximum, .average(countsPadding: true), .average(countsPadding: false)),
        window: window)
      guard fits(.volumePool(pool), shape) else { return wire }
      if pool.function != .maximum, (try? pool.divisors(input: shape)) == nil { return wire }
      return try b.add(.volumePool(pool), wire)
    }
    guard window.outputExtents(of: Array(shape.dimensions.dropFirst())) != nil else { return wire }
    let divisors = (1...shape[0]).filter { shape[0] % $0 == 0 }
    let groups = divisors[number(0...divisors.count - 1)]
    let taps = window.kernel.reduce(shape[0] / groups, *)
    let limit = (3 / Float(taps)).squareRoot()
    let outputs = groups * b.pick(1, 1, 2)
    let op = VolumeConvolution(
      weight: try b.weight("w", [outputs, shape[0] / groups] + window.kernel, -limit...limit),
      bias: b.pick(true, false) ? try b.weight("b", [outputs], -0.1...0.2) : nil, window: window,
      groups: groups)
    return try b.add(.volumeConvolution(op), wire)
  }

  private mutating func transposedConvolution(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    guard (2...4).contains(shape.rank) else { return wire }
    let window = window(Array(shape.dimensions.dropFirst()))
    let divisors = (1...shape[0]).filter { shape[0] % $0 == 0 }
    let groups = divisors[number(0...divisors.count - 1)]
    let outer = b.pick(1, 2)
    let op = ConvolutionTranspose(
      weight: try b.weight("w", [shape[0], outer] + window.kernel, -0.5...0.5),
      bias: b.pick(true, false) ? try b.weight("b", [outer * groups], -0.1...0.2) : nil,
      window: window, outputPadding: window.kernel.map { _ in number(0...1) }, groups: groups)
    return fits(.convolutionTranspose(op), shape)
      ? try b.add(.convolutionTranspose(op), wire) : wire
  }

  private mutating func choice(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    let mask = try Shape(narrowed(shape))
    let name = b.draft.weights.freshName("mask")
    b.draft.weights[name] = try Tensor(
      shape: mask, type: .bool, bytes: (0..<mask.count).map { _ in UInt8(number(0...1)) })
    let other = try constant(narrowed(shape), -1...1)
    let chosen = try b.draft.addNode(name, .constant(Constant(weight: name)), [])
    return Bool.random(using: &b.random)
      ? try b.add(.where(Where()), chosen, wire, other)
      : try b.add(.where(Where()), chosen, other, wire)
  }

  /// Rounding has steps, so it takes the input itself, where both executions see one value.
  private mutating func levels(_ wire: WireID) throws(PackError) -> WireID {
    let shape = b.shape(wire)
    let axis = axis(shape)
    let count = b.pick(1, shape[axis])
    let scale = try b.weight("scale", [count], 0.05...0.2)
    var zeroPoint: String?
    if Bool.random(using: &b.random) {
      let name = b.draft.weights.freshName("zero")
      b.draft.weights[name] = try Tensor(
        shape: Shape([count]), integers: (0..<count).map { _ in Int64(number(-3...3)) })
      zeroPoint = name
    }
    let back = Op.dequantization(
      Dequantization(scale: scale, zeroPoint: zeroPoint, axis: axis))
    guard wire == b.input else { return try b.add(back, wire) }
    let rounded = try b.add(
      .quantization(
        Quantization(scale: scale, zeroPoint: zeroPoint, axis: axis, lower: -8, upper: 7)), wire)
    return Bool.random(using: &b.random) ? try b.add(back, rounded) : rounded
  }

  private mutating func rows(_ wire: WireID) throws(PackError) -> WireID {
    let inner = b.shape(wire).dimensions.last ?? 1
    let limit = (3 / Float(inner)).squareRoot()
    let op = Linear(
      weight: try b.weight("w", [number(1...4), inner], -limit...limit), bias: nil)
    return try b.add(.linear(op), wire)
  }
}
