public import SynapackSupport
public import SynapackTensor

/// Chosen places of one axis, in any order and as often as wanted.
///
///     y[…, i, …] = x[…, indices(i), …]
public struct Select: OpPayload {
  public static let name = "select"

  public var axis: Int
  public var indices: [Int]

  public init(axis: Int, indices: [Int]) {
    self.axis = axis
    self.indices = indices
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard (0..<input.rank).contains(axis), !indices.isEmpty else {
      throw wrongShape("\(indices.count) places of axis \(axis) of \(input)")
    }
    for index in indices where !(0..<input[axis]).contains(index) {
      throw wrongShape("place \(index) of axis \(axis) of \(input)")
    }
    var dimensions = input.dimensions
    dimensions[axis] = indices.count
    return try Shape(dimensions)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    for index in result.values.indices {
      var position = result.shape.position(at: index)
      position[axis] = indices[position[axis]]
      result.values[index] = input.values[input.shape.index(of: position)]
    }
    return result
  }
}
