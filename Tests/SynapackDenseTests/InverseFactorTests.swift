import SynapackDense
import SynapackSupport
import Testing

/// The factor of an inverse, against the matrix that it was made of.
struct InverseFactorTests {
  /// Σ f fᵀ of random features and a ridge; the lower triangle too.
  private func metric(_ order: Int, seed: Int) -> [Float] {
    var random = SeededGenerator(seed: UInt64(seed))
    let features = (0..<2 * order).map { _ in
      (0..<order).map { _ in random.unitFloat() * 2 - 1 }
    }
    var matrix = Array(repeating: Float(0), count: order * order)
    for feature in features {
      for row in 0..<order {
        for column in 0..<order { matrix[row * order + column] += feature[row] * feature[column] }
      }
    }
    for index in 0..<order { matrix[index * order + index] += Float(order) / 2 }
    return matrix
  }

  /// Odd orders above 128 are those at which some of OpenBLAS's kernels end the process.
  @Test(arguments: [1, 2, 3, 17, 64, 65, 127, 128, 129, 133, 144, 145, 161, 201])
  func theFactorsProductInvertsTheMatrix(order: Int) throws {
    let matrix = metric(order, seed: order)
    let factor = try #require(InverseFactor(of: matrix, order: order))
    #expect(factor.order == order && factor.values.count == order * order)
    // M·Uᵀ·U·x = x for some x.
    var random = SeededGenerator(seed: UInt64(order) + 1_000)
    let x = (0..<order).map { _ in Double(random.unitFloat() * 2 - 1) }
    let upper = (0..<order).map { row in
      (row..<order).reduce(0.0) { $0 + Double(factor.values[row * order + $1]) * x[$1] }
    }
    let solved = (0..<order).map { column in
      (0...column).reduce(0.0) { $0 + Double(factor.values[$1 * order + column]) * upper[$1] }
    }
    for row in 0..<order {
      let back = (0..<order).reduce(0.0) { $0 + Double(matrix[row * order + $1]) * solved[$1] }
      #expect(abs(back - x[row]) < 1e-3, "order \(order), row \(row): \(back), not \(x[row])")
    }
  }

  @Test(arguments: [2, 133]) func aMatrixThatIsNotPositiveDefiniteHasNone(order: Int) {
    var matrix = metric(order, seed: order)
    matrix[(order - 1) * order + order - 1] = -1
    #expect(InverseFactor(of: matrix, order: order) == nil)
  }

  @Test(arguments: [1, 5, 133]) func theDiagonalIsThatOfTheInverse(order: Int) throws {
    let matrix = metric(order, seed: order)
    let factor = try #require(InverseFactor(of: matrix, order: order))
    let diagonal = try #require(InverseFactor.inverseDiagonal(matrix, order: order))
    #expect(diagonal.count == order)
    for column in 0..<order {
      let sum = (0...column).reduce(Float(0)) {
        $0 + factor.values[$1 * order + column] * factor.values[$1 * order + column]
      }
      #expect(abs(sum - diagonal[column]) < 1e-4 * (1 + diagonal[column]))
    }
  }
}
