public import SynapackSupport
public import SynapackTensor

/// Rectification.
///
///     y = max(x, 0)
public struct Relu: OpPayload {
  public static let name = "relu"

  public init() {}

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try single(inputs)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    return FloatArray(shape: input.shape, values: input.values.map { max($0, 0) })
  }
}
