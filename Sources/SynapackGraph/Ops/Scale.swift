public import SynapackSupport
public import SynapackTensor

/// One factor for all values.
///
///     y = factor · x
public struct Scale: OpPayload {
  public static let name = "scale"

  public var factor: Float

  public init(factor: Float) {
    self.factor = factor
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try single(inputs)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    return FloatArray(shape: input.shape, values: input.values.map { $0 * factor })
  }
}
