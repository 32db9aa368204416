public import SynapackSupport
public import SynapackTensor

/// The whole array laid out again and again along each axis.
///
///     y[i_0, i_1, …] = x[i_0 mod n_0, i_1 mod n_1, …]
///
/// n: the extents of the input; those of the output are repeats · n, one repeat for each axis.
public struct Tile: OpPayload {
  public static let name = "tile"

  public var repeats: [Int]

  public init(repeats: [Int]) {
    self.repeats = repeats
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard repeats.count == input.rank, repeats.allSatisfy({ $0 >= 1 }) else {
      throw wrongShape("the repeats \(repeats) do not fit \(input)")
    }
    var dimensions: [Int] = []
    for (extent, count) in zip(input.dimensions, repeats) {
      guard let product = extent.times(count) else {
        throw wrongShape("\(count) repeats of \(extent) places")
      }
      dimensions.append(product)
    }
    return try Shape(dimensions)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    for index in result.values.indices {
      let position = zip(result.shape.position(at: index), input.shape.dimensions).map { $0 % $1 }
      result.values[index] = input.values[input.shape.index(of: position)]
    }
    return result
  }
}
