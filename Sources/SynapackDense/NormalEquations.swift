internal import CBLAS

/// The sums that a linear least-squares problem needs, gathered piece by piece.
///
///     H = Σ f fᵀ   [k × k]        C = Σ r fᵀ   [o × k]        min_X Σ ‖r − X f‖²  ⇒  X H = C
///
/// f: the k features of one observation, the last of which is 1 for the bias; r: the o values that
/// are to be explained. Sums are float32 in the order of the calls.
public struct NormalEquations: Sendable {
  /// k, the bias's column included.
  public let columns: Int
  /// o
  public let outputs: Int
  /// The number of observations.
  public private(set) var count = 0
  /// a_j: the unit in which the weight of each feature but the bias is held back.
  public var units: [Float]
  /// H, row-major; only j ≥ i is kept.
  private var gram: [Float]
  /// C, row-major.
  private var cross: [Float]

  public init(columns: Int, outputs: Int) {
    self.columns = columns
    self.outputs = outputs
    units = Array(repeating: 1, count: max(0, columns - 1))
    gram = Array(repeating: 0, count: columns * columns)
    cross = Array(repeating: 0, count: outputs * columns)
  }

  /// H + λ·h·A² whole, row-major, the bias not held back; A: the units of the features; h: the mean of
  /// A⁻²·diag H.
  public func metric(ridge: Float) -> [Float] {
    var metric = gram
    for row in 0..<columns {
      for column in 0..<row { metric[row * columns + column] = gram[column * columns + row] }
    }
    addRidge(ridge, to: &metric)
    return metric
  }

  private func addRidge(_ ridge: Float, to metric: inout [Float]) {
    var mean: Float = 0
    for (index, unit) in units.enumerated() {
      mean += gram[index * columns + index] / (unit * unit)
    }
    let weight = ridge * mean / Float(max(1, units.count))
    for (index, unit) in units.enumerated() {
      metric[index * columns + index] += weight * unit * unit
    }
  }

  /// Adds `observations` columns of `features` [k × observations] and `targets`
  /// [o × observations], both row-major.
  ///
  /// - Precondition: the arrays have these sizes.
  public mutating func add(features: [Float], targets: [Float], observations: Int) {
    precondition(
      features.count == columns * observations && targets.count == outputs * observations)
    count += observations
    let rows = columns
    BLAS.addGram(of: features.span, rows: rows, columns: observations, to: &gram)
    let values = outputs
    var sums = cross.mutableSpan
    BLAS.multiply(
      m: values, n: rows, k: observations, targets.span, at: 0, features.span, at: 0,
      transposeB: true, beta: 1, into: &sums, at: 0)
  }

  /// Adds the sums of another part of the same problem.
  ///
  /// - Precondition: both have the same sizes.
  public mutating func add(_ other: NormalEquations) {
    precondition(other.columns == columns && other.outputs == outputs)
    count += other.count
    for index in gram.indices { gram[index] += other.gram[index] }
    for index in cross.indices { cross[index] += other.cross[index] }
  }

  /// X [o × k] of the ridge problem, by Cholesky; `nil` where the sum is not positive definite.
  ///
  ///     X (H + λ·h·A²) = C,   h = the mean of A⁻²·diag H
  ///
  /// The bias is not held back. Source: Hoerl and Kennard, "Ridge regression", Technometrics 1970.
  public func solution(ridge: Float) -> [Float]? {
    var factor = gram
    addRidge(ridge, to: &factor)
    var values = cross
    guard BLAS.solve(&factor, order: columns, &values, sides: outputs),
      values.allSatisfy(\.isFinite)
    else { return nil }
    return values
  }

  /// Σ ‖r − X f‖² − Σ ‖r‖² for each output: negative where `solution` explains something.
  ///
  /// - Precondition: `solution` is [o × k].
  public func error(of solution: [Float]) -> [Double] {
    let product = BLAS.symmetricProduct(solution.span, rows: outputs, gram.span, order: columns)
    return (0..<outputs).map { output in
      var sum = 0.0
      for column in 0..<columns {
        let index = output * columns + column
        sum += Double(solution[index]) * (Double(product[index]) - 2 * Double(cross[index]))
      }
      return sum
    }
  }
}
