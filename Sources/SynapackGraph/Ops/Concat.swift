public import SynapackSupport
public import SynapackTensor

/// Wires laid one after the other along an axis.
///
///     y = [x_0; x_1; …]
public struct Concat: OpPayload {
  public static let name = "concat"

  /// The axis within one sample; 0 is the channel.
  public var axis: Int

  public init(axis: Int) {
    self.axis = axis
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    guard let first = inputs.first, (0..<first.rank).contains(axis) else {
      throw wrongShape("concat along axis \(axis) does not fit \(inputs)")
    }
    var dimensions = first.dimensions
    var extent = 0
    for input in inputs {
      guard input.rank == first.rank else { throw wrongShape("concat of ranks \(inputs)") }
      for other in 0..<first.rank where other != axis && input[other] != first[other] {
        throw wrongShape("concat along axis \(axis) of \(first) and \(input)")
      }
      extent += input[axis]
    }
    dimensions[axis] = extent
    return try Shape(dimensions)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let shape = try outputShape(inputs.map(\.shape), weights)
    let outer = shape.dimensions[..<axis].reduce(1, *)
    var values: [Float] = []
    values.reserveCapacity(shape.count)
    for block in 0..<outer {
      for input in inputs {
        let size = input.values.count / max(1, outer)
        values += input.values[block * size..<(block + 1) * size]
      }
    }
    return FloatArray(shape: shape, values: values)
  }
}
