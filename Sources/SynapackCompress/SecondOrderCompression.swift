public import SynapackConvert
internal import SynapackDense
public import SynapackSupport

/// Prunes and rounds each block at the least cost that the sums of its inputs allow.
///
/// One solve for everything: the fit has just solved the weights for what the compressed layers
/// before really send; here the cheapest go (``WeightPruning``), the rest is solved again and put on
/// a grid whose unit is chosen by trying (``GridRow``); then the fit searches the neurons behind the
/// integers. The Hessian is that of the payloads averaged over the ticks, whose sums are all that a
/// neuron without leak hears of its past.
public struct SecondOrderCompression: LayerCompression {
  /// Bits of a weight, sign included.
  public var weightBits: Int
  /// The share of weights that go, by the population.
  public var sparsity: [String: Double]
  public var threads: Int

  public init(weightBits: Int, sparsity: [String: Double] = [:], threads: Int) {
    self.weightBits = weightBits
    self.sparsity = sparsity
    self.threads = threads
  }

  public func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows {
    let kinds = Set(problem.ridges).sorted()
    let metrics = kinds.map { ridge in
      problem.equations.map { RowMetric($0, ridge: ridge) }
        ?? RowMetric(identity: problem.columns)
    }
    let kindOf = problem.ridges.map { kinds.firstIndex(of: $0) ?? 0 }
    let columns = problem.columns
    let rows = (0..<problem.outputs).map {
      Array(problem.rows[$0 * columns..<($0 + 1) * columns])
    }
    let pruning = WeightPruning(metrics: metrics, kinds: kindOf, threads: threads)
    let pruned = try pruning.pruned(rows, sparsity: sparsity[problem.name] ?? 0)
    let keepsAll = pruned.contains { $0.columns.count == columns }
    let grids = metrics.map {
      SharedGrid($0, worth: problem.worth, most: most, keepsAll: keepsAll)
    }
    let shared = problem.sharesUnit ? largestUnit(pruned, problem.worth) : nil
    let finished = try parallelUnits(count: rows.count, threads: threads) {
      (row) throws(PackError) -> (values: [Float], unit: Float) in
      try grids[kindOf[row]].rounded(
        pruned[row], units: units(pruned[row], problem.worth, shared))
    }
    return CompressedRows(rows: finished.flatMap(\.values), units: finished.map(\.unit))
  }

  private var most: Float { Float((1 << (weightBits - 1)) - 1) }

  /// The units to try: from one that clips nothing down to one that clips more than half.
  private func units(
    _ row: (columns: [Int], values: [Float]), _ worth: [Float], _ shared: Float?
  ) -> [Float] {
    let whole = shared ?? largestUnit([row], worth)
    guard whole > 0 else { return [1] }
    // Where levels are many, clipping cannot pay.
    guard shared == nil, weightBits < 8 else { return [whole] }
    return (0..<14).map { whole * (1 - 0.045 * Float($0)) }
  }

  private func largestUnit(
    _ rows: [(columns: [Int], values: [Float])], _ worth: [Float]
  ) -> Float {
    var largest: Float = 0
    for (columns, values) in rows {
      for (column, value) in zip(columns, values) where column < worth.count {
        largest = max(largest, abs(value) * worth[column])
      }
    }
    return largest / most
  }
}
