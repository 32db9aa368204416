public import SynapackSupport
public import SynapackTensor

/// A fully connected layer.
///
///     y[o] = b[o] + Σ_i W[o, i] · x[i]
///
/// W: weights [O, I]; b: bias [O]. Input [I], output [O].
public struct Linear: OpPayload {
  public static let name = "linear"

  public var weight: String
  public var bias: String?

  public init(weight: String, bias: String?) {
    self.weight = weight
    self.bias = bias
  }

  public var weightNames: [String] { [weight] + (bias.map { [$0] } ?? []) }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let matrix = try weights.tensor(weight).shape
    guard input.rank == 1, matrix.rank == 2, matrix[0] > 0, matrix[1] == input[0] else {
      throw wrongShape("weights \(matrix) do not fit an input of \(input)")
    }
    if let bias {
      let shape = try weights.tensor(bias).shape
      guard shape.dimensions == [matrix[0]] else {
        throw wrongShape("the bias is \(shape), \([matrix[0]]) was expected")
      }
    }
    return try Shape([matrix[0]])
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    let shape = try outputShape([input.shape], weights)
    let matrix = try weights.floats(weight)
    let offsets = try bias.map { (name) throws(PackError) in try weights.floats(name) }
    let count = input.shape.count
    var result = FloatArray(shape: shape)
    for o in 0..<shape.count {
      var sum = offsets?[o] ?? 0
      for i in 0..<count { sum += matrix[o * count + i] * input.values[i] }
      result.values[o] = sum
    }
    return result
  }
}
