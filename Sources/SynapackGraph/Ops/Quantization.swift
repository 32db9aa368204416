public import SynapackSupport
public import SynapackTensor

/// Rounding to the levels of an integer type; the levels are carried as float32.
///
///     y = min(max(round(x / s) + z, lower), upper)
///
/// s: scale; z: zero point, 0 where absent; each one value, or one for each place of `axis`. round:
/// to the nearest integer, of two equally near the even one.
///
/// Source: ONNX QuantizeLinear.
public struct Quantization: OpPayload {
  public static let name = "quantization"

  public var scale: String
  public var zeroPoint: String?
  public var axis: Int
  public var lower: Int
  public var upper: Int

  public init(scale: String, zeroPoint: String?, axis: Int, lower: Int, upper: Int) {
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.axis = axis
    self.lower = lower
    self.upper = upper
  }

  public var weightNames: [String] { [scale] + (zeroPoint.map { [$0] } ?? []) }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard lower <= upper else { throw wrongShape("the levels \(lower) to \(upper)") }
    try checkLevels(input, axis, weights)
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let scales = try weights.floats(scale)
    let zeros = try zeroPoint.map { (name) throws(PackError) in try weights.floats(name) }
    for index in result.values.indices {
      let place = scales.count == 1 ? 0 : input.shape.position(at: index)[axis]
      let level =
        (input.values[index] / scales[place]).rounded(.toNearestOrEven) + (zeros?[place] ?? 0)
      result.values[index] = min(max(level, Float(lower)), Float(upper))
    }
    return result
  }
}

extension OpPayload {
  /// Checks that each weight is one value, or one for each place of `axis`, all of one count.
  func checkLevels(_ input: Shape, _ axis: Int, _ weights: WeightStore) throws(PackError) {
    var counts: [Int] = []
    for name in weightNames { counts.append(try weights.tensor(name).shape.count) }
    let count = counts.first ?? 0
    let places = (0..<input.rank).contains(axis) ? input[axis] : 1
    guard count == 1 || count == places, count > 0, counts.allSatisfy({ $0 == count }) else {
      throw wrongShape("\(counts) scales and zero points for axis \(axis) of \(input)")
    }
  }
}
