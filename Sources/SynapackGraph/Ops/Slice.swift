public import SynapackSupport
public import SynapackTensor

/// Every so many places along each axis.
///
///     y[i_0, i_1, …] = x[start_0 + i_0 · step_0, start_1 + i_1 · step_1, …]
///
/// One start, count and step for each axis; a negative step runs backwards.
public struct Slice: OpPayload {
  public static let name = "slice"

  public var starts: [Int]
  /// The extents of the output.
  public var counts: [Int]
  public var steps: [Int]

  public init(starts: [Int], counts: [Int], steps: [Int]) {
    self.starts = starts
    self.counts = counts
    self.steps = steps
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard [starts, counts, steps].allSatisfy({ $0.count == input.rank }) else {
      throw wrongShape("the slice does not name each axis of \(input)")
    }
    for axis in 0..<input.rank {
      let places = 0..<input[axis]
      guard counts[axis] >= 1, steps[axis] != 0, places.contains(starts[axis]),
        let reach = (counts[axis] - 1).times(steps[axis]),
        let last = starts[axis].adding(reach), places.contains(last)
      else {
        throw wrongShape(
          "\(counts[axis]) places from \(starts[axis]) in steps of \(steps[axis]) leave axis "
            + "\(axis) of \(input)")
      }
    }
    return try Shape(counts)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    for index in result.values.indices {
      let position = result.shape.position(at: index).enumerated().map { axis, place in
        starts[axis] + place * steps[axis]
      }
      result.values[index] = input.values[input.shape.index(of: position)]
    }
    return result
  }
}
