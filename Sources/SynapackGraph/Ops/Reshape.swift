public import SynapackSupport
public import SynapackTensor

/// The same values in row-major order under another shape: flatten, squeeze and unsqueeze too.
///
///     y = x read as `shape`
public struct Reshape: OpPayload {
  public static let name = "reshape"

  public var shape: Shape

  public init(shape: Shape) {
    self.shape = shape
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard input.count == shape.count else {
      throw wrongShape("\(input) cannot be read as \(shape)")
    }
    return shape
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    return FloatArray(shape: try outputShape([input.shape], weights), values: input.values)
  }
}
