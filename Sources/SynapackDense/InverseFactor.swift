/// The Cholesky factor of an inverse, by which second-order compression moves an error on.
///
///     M⁻¹ = Uᵀ·U,  U upper triangular
///
/// Once the columns before c are fixed, a change e of column c is best answered by the change
/// −e·U_cj / U_cc of every later column j and costs e² / U_cc². Source: Frantar et al., "GPTQ",
/// ICLR 2023, section 3.3.
public struct InverseFactor: Sendable {
  public let order: Int
  /// U, row-major; below the diagonal there is anything.
  public let values: [Float]

  /// `nil` where the matrix, of which the upper triangle is read, is not positive definite.
  public init?(of matrix: [Float], order: Int) {
    guard let inverse = BLAS.inverse(matrix, order: order),
      let factor = BLAS.factor(inverse, order: order)
    else { return nil }
    self.order = order
    values = factor
  }

  /// The diagonal of M⁻¹ for a matrix of which the upper triangle is read.
  public static func inverseDiagonal(_ matrix: [Float], order: Int) -> [Float]? {
    BLAS.inverse(matrix, order: order).map { inverse in
      (0..<order).map { inverse[$0 * order + $0] }
    }
  }

  /// x with M·x = b; `nil` where M is not positive definite.
  public static func solution(_ matrix: [Float], order: Int, _ right: [Float]) -> [Float]? {
    var (matrix, values) = (matrix, right)
    return BLAS.solve(&matrix, order: order, &values, sides: 1) ? values : nil
  }

  /// x_k ← x_k − e·U_jk for the columns k > j of `chunk`; x starts at `place` of `values`.
  ///
  /// - Precondition: the chunk and x lie inside.
  public func subtract(
    _ error: Float, row j: Int, _ chunk: Range<Int>, from values: inout [Float], at place: Int
  ) {
    precondition(chunk.upperBound <= order && j < order && place + order <= values.count)
    guard j + 1 < chunk.upperBound else { return }
    let start = j * order
    unsafe values.withUnsafeMutableBufferPointer { target in
      unsafe self.values.withUnsafeBufferPointer { factor in
        for column in j + 1..<chunk.upperBound {
          unsafe target[place + column] -= error * factor[start + column]
        }
      }
    }
  }

  /// X ← X − E·U for the columns of X behind those of `chunk`; E [sides × chunk], X [sides × order].
  ///
  /// - Precondition: the arrays have these sizes.
  public func subtract(
    _ errors: [Float], rows chunk: Range<Int>, from values: inout [Float], sides: Int
  ) {
    let rest = order - chunk.upperBound
    precondition(errors.count == sides * chunk.count && values.count == sides * order)
    guard rest > 0 else { return }
    var part: [Float] = []
    part.reserveCapacity(chunk.count * rest)
    for row in chunk {
      part += self.values[row * order + chunk.upperBound..<(row + 1) * order]
    }
    var product = Array(repeating: Float(0), count: sides * rest)
    var span = product.mutableSpan
    BLAS.multiply(
      m: sides, n: rest, k: chunk.count, errors.span, at: 0, part.span, at: 0, into: &span, at: 0)
    for side in 0..<sides {
      let start = side * order + chunk.upperBound
      for column in 0..<rest { values[start + column] -= product[side * rest + column] }
    }
  }
}
