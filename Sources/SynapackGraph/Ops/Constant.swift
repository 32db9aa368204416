public import SynapackSupport
public import SynapackTensor

/// Values that do not depend on the sample.
///
///     y = W
///
/// W: the weight, of any shape; the values of any element type are read as float32.
public struct Constant: OpPayload {
  public static let name = "constant"

  public var weight: String

  public init(weight: String) {
    self.weight = weight
  }

  public var weightNames: [String] { [weight] }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    guard inputs.isEmpty else { throw wrongShape("constant takes no input, not \(inputs.count)") }
    return try weights.tensor(weight).shape
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    _ = try outputShape(inputs.map(\.shape), weights)
    return FloatArray(try weights.tensor(weight))
  }
}
