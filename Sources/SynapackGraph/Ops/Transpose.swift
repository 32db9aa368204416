public import SynapackSupport
public import SynapackTensor

/// Axes in another order.
///
///     y[i_{p(0)}, i_{p(1)}, …] = x[i_0, i_1, …]
///
/// p: `permutation`; axis a of the output is axis p(a) of the input, the batch not counted.
public struct Transpose: OpPayload {
  public static let name = "transpose"

  public var permutation: [Int]

  public init(permutation: [Int]) {
    self.permutation = permutation
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard permutation.sorted() == Array(0..<input.rank) else {
      throw wrongShape("the permutation \(permutation) does not fit \(input)")
    }
    return try Shape(permutation.map { input[$0] })
  }

  /// For each output element, row-major, the index of the input element that it takes.
  public func sources(input: Shape) throws(PackError) -> [Int] {
    let output = try outputShape([input], WeightStore())
    var strides = Array(repeating: 1, count: input.rank)
    for axis in stride(from: input.rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * input[axis + 1]
    }
    var sources: [Int] = []
    sources.reserveCapacity(output.count)
    for index in 0..<output.count {
      var rest = index
      var source = 0
      for axis in stride(from: output.rank - 1, through: 0, by: -1) {
        source += rest % output[axis] * strides[permutation[axis]]
        rest /= output[axis]
      }
      sources.append(source)
    }
    return sources
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    let shape = try outputShape([input.shape], weights)
    let values = try sources(input: input.shape).map { input.values[$0] }
    return FloatArray(shape: shape, values: values)
  }
}
