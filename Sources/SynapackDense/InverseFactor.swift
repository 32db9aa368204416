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
}
