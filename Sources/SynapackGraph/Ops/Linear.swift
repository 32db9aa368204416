public import SynapackSupport
public import SynapackTensor

/// A fully connected layer.
///
///     y[p, o] = b[o] + Σ_i W[o, i] · x[p, i]
///
/// W: weights [O, I]; b: bias [O]; p: the place along the axes before the last. Input [..., I],
/// output [..., O].
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
    guard let inner = input.dimensions.last, matrix.rank == 2, matrix[0] > 0, matrix[1] == inner
    else {
      throw wrongShape("weights \(matrix) do not fit an input of \(input)")
    }
    try checkBias(bias, matrix[0], weights)
    return try Shape(input.dimensions.dropLast() + [matrix[0]])
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    let shape = try outputShape([input.shape], weights)
    let matrix = try weights.floats(weight)
    let offsets = try bias.map { (name) throws(PackError) in try weights.floats(name) }
    let count = input.shape[input.shape.rank - 1]
    let outputs = shape[shape.rank - 1]
    var result = FloatArray(shape: shape)
    for index in result.values.indices {
      let (row, o) = (index / outputs, index % outputs)
      var sum = offsets?[o] ?? 0
      for i in 0..<count { sum += matrix[o * count + i] * input.values[row * count + i] }
      result.values[index] = sum
    }
    return result
  }
}
