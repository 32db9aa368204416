public import SynapackSupport
public import SynapackTensor

/// One function of one number, applied to every value.
///
///     y = f(x)
///
/// The functions with their equations stand at ``Function``.
public struct Activation: OpPayload {
  public static let name = "activation"

  public var function: Function

  public init(_ function: Function) {
    self.function = function
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try single(inputs)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    return FloatArray(shape: input.shape, values: input.values.map { function.value($0) })
  }
}
