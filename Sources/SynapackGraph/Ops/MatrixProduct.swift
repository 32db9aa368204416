public import SynapackSupport
public import SynapackTensor

/// The product of two wires of matrices.
///
///     y[p, i, j] = Σ_k a[p, i, k] · b[p, k, j]
///
/// a: [..., m, k]; b: [..., k, n]; y: [..., m, n]. p: the place along the leading axes, to whose
/// common shape both are stretched as ``Shape/broadcast(with:)`` says.
public struct MatrixProduct: OpPayload {
  public static let name = "matrixProduct"

  public init() {}

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    guard inputs.count == 2, inputs.allSatisfy({ $0.rank >= 2 }) else {
      throw wrongShape("matrixProduct takes two inputs of rank 2 or more, not \(inputs)")
    }
    let (a, b) = (inputs[0], inputs[1])
    guard a[a.rank - 1] == b[b.rank - 2],
      let leading = try MatrixProduct.leading(a).broadcast(with: MatrixProduct.leading(b))
    else { throw wrongShape("the matrices \(a) and \(b) do not fit") }
    return try Shape(leading.dimensions + [a[a.rank - 2], b[b.rank - 1]])
  }

  /// The shape of the axes before the two of the matrix.
  public static func leading(_ shape: Shape) throws(PackError) -> Shape {
    try Shape(Array(shape.dimensions.dropLast(2)))
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    var result = FloatArray(shape: try outputShape(inputs.map(\.shape), weights))
    let (a, b, shape) = (inputs[0], inputs[1], result.shape)
    let inner = a.shape[a.shape.rank - 1]
    for index in result.values.indices {
      var position = shape.position(at: index)
      let (row, column) = (position[shape.rank - 2], position[shape.rank - 1])
      var sum: Float = 0
      for k in 0..<inner {
        position[shape.rank - 2] = row
        position[shape.rank - 1] = k
        let left = a.values[a.shape.index(ofMatrix: position)]
        position[shape.rank - 2] = k
        position[shape.rank - 1] = column
        sum += left * b.values[b.shape.index(ofMatrix: position)]
      }
      result.values[index] = sum
    }
    return result
  }
}

extension Shape {
  /// The index of the element at `position`, where only the axes before the last two stretch.
  fileprivate func index(ofMatrix position: [Int]) -> Int {
    let own = Array(position.suffix(rank))
    return index(
      of: own.indices.map { $0 < rank - 2 && self[$0] == 1 ? 0 : own[$0] })
  }
}
