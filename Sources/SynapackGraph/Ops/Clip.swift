public import SynapackSupport
public import SynapackTensor

/// Limits to an interval; ReLU6 is the interval 0...6.
///
///     y = min(max(x, lower), upper)
public struct Clip: OpPayload {
  public static let name = "clip"

  public var lower: Float
  public var upper: Float

  public init(lower: Float, upper: Float) {
    self.lower = lower
    self.upper = upper
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try single(inputs)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    return FloatArray(
      shape: input.shape, values: input.values.map { min(max($0, lower), upper) })
  }
}
