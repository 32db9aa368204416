public import SynapackSupport
public import SynapackTensor

/// The values that integer levels stand for.
///
///     y = (x − z) · s
///
/// s: scale; z: zero point, 0 where absent; each one value, or one for each place of `axis`.
///
/// Source: ONNX DequantizeLinear.
public struct Dequantization: OpPayload {
  public static let name = "dequantization"

  public var scale: String
  public var zeroPoint: String?
  public var axis: Int

  public init(scale: String, zeroPoint: String?, axis: Int) {
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.axis = axis
  }

  public var weightNames: [String] { [scale] + (zeroPoint.map { [$0] } ?? []) }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
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
      result.values[index] = (input.values[index] - (zeros?[place] ?? 0)) * scales[place]
    }
    return result
  }
}
