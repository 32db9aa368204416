/// Columns of a weight matrix taken out block after block, the others answering for them.
///
///     cost(B) = Σ_o w_B · ([H⁻¹]_BB)⁻¹ · w_Bᵀ
///     W   ← W   − W_B · ([H⁻¹]_BB)⁻¹ · [H⁻¹]_B,:
///     H⁻¹ ← H⁻¹ − [H⁻¹]_:,B · ([H⁻¹]_BB)⁻¹ · [H⁻¹]_B,:
///
/// H: the metric of the features, Σ f fᵀ and a ridge; W [o × k]: weights; B: the columns of a block;
/// w_B: those of one output. The cost is the squared error on what H was gathered from once the
/// remaining columns are the best they can be.
///
/// Sources: Hassibi and Stork, "Second order derivatives for network pruning: optimal brain
/// surgeon", NIPS 1992; for blocks: Kurtic et al., "The optimal BERT surgeon", EMNLP 2022, eq. 5.
public struct BlockElimination: Sendable {
  /// k
  public let order: Int
  /// o
  public let outputs: Int
  /// Σ_o w_o · H · w_oᵀ of the weights that were given.
  public let energy: Double
  private var inverse: [Float]
  private var weights: [Float]

  /// `nil` where H, of which the upper triangle is read, is not positive definite.
  ///
  /// - Precondition: `metric` is [k × k], `weights` [o × k].
  public init?(metric: [Float], weights: [Float], outputs: Int) {
    let order = weights.count / max(1, outputs)
    precondition(metric.count == order * order && weights.count == outputs * order)
    guard let inverse = BLAS.inverse(metric, order: order) else { return nil }
    let product = BLAS.symmetricProduct(
      weights.span, rows: outputs, metric.span, order: order)
    energy = zip(product, weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    (self.order, self.outputs, self.weights) = (order, outputs, weights)
    self.inverse = inverse
    mirror()
  }

  /// LAPACK gives one triangle.
  private mutating func mirror() {
    for row in 0..<order {
      for column in 0..<row { inverse[row * order + column] = inverse[column * order + row] }
    }
  }

  /// What taking out the columns of `block` costs; infinite where rounding left no answer.
  public func cost(of block: Range<Int>) -> Double {
    var values = columns(block, of: weights, rows: outputs)
    let own = values
    var core = core(block)
    guard BLAS.solve(&core, order: block.count, &values, sides: outputs) else { return .infinity }
    let cost = zip(values, own).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return cost.isFinite ? max(0, cost) : .infinity
  }

  /// Takes out the columns of `block`.
  public mutating func remove(_ block: Range<Int>) {
    let rows = Array(inverse[block.lowerBound * order..<block.upperBound * order])
    weights = reduced(weights, rows: outputs, by: block, rows)
    inverse = reduced(inverse, rows: order, by: block, rows)
  }

  /// X − X_B · ([H⁻¹]_BB)⁻¹ · [H⁻¹]_B,:
  private func reduced(
    _ matrix: [Float], rows: Int, by block: Range<Int>, _ blockRows: [Float]
  ) -> [Float] {
    var factors = columns(block, of: matrix, rows: rows)
    var core = core(block)
    guard BLAS.solve(&core, order: block.count, &factors, sides: rows) else { return matrix }
    for index in factors.indices { factors[index] = -factors[index] }
    var result = matrix
    var span = result.mutableSpan
    BLAS.multiply(
      m: rows, n: order, k: block.count, factors.span, at: 0, blockRows.span, at: 0, beta: 1,
      into: &span, at: 0)
    return result
  }

  private func core(_ block: Range<Int>) -> [Float] {
    block.flatMap { row in
      inverse[row * order + block.lowerBound..<row * order + block.upperBound]
    }
  }

  private func columns(_ block: Range<Int>, of matrix: [Float], rows: Int) -> [Float] {
    (0..<rows).flatMap { row in
      matrix[row * order + block.lowerBound..<row * order + block.upperBound]
    }
  }
}
