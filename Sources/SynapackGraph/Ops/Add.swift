public import SynapackSupport
public import SynapackTensor

/// The sum of two or more wires of one shape, as at a residual join.
///
///     y = Σ_i x_i
public struct Add: OpPayload {
  public static let name = "add"

  public init() {}

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    guard inputs.count >= 2, let first = inputs.first, inputs.allSatisfy({ $0 == first }) else {
      throw wrongShape("add takes two or more inputs of one shape, not \(inputs)")
    }
    return first
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    var result = FloatArray(shape: try outputShape(inputs.map(\.shape), weights))
    for input in inputs {
      for index in input.values.indices { result.values[index] += input.values[index] }
    }
    return result
  }
}
