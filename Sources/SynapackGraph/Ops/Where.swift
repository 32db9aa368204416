public import SynapackSupport
public import SynapackTensor

/// The one or the other input, place by place, as a mask says.
///
///     y[p] = a[p]  where m[p] ≠ 0,  b[p] elsewhere
///
/// m, a, b: the inputs, stretched to one shape as ``Shape/broadcast(with:)`` says.
public struct Where: OpPayload {
  public static let name = "where"

  public init() {}

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    guard inputs.count == 3, let both = inputs[1].broadcast(with: inputs[2]),
      let shape = both.broadcast(with: inputs[0])
    else {
      throw wrongShape("where takes a mask and two inputs that stretch to one shape, not \(inputs)")
    }
    return shape
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    var result = FloatArray(shape: try outputShape(inputs.map(\.shape), weights))
    for index in result.values.indices {
      let position = result.shape.position(at: index)
      func value(_ input: FloatArray) -> Float {
        input.values[input.shape.index(stretchedTo: position)]
      }
      result.values[index] = value(inputs[0]) != 0 ? value(inputs[1]) : value(inputs[2])
    }
    return result
  }
}
