internal import SynapackConvert
internal import SynapackDense
internal import SynapackSupport

/// A block of weights row by row, pruned, with the metric of each row: what its grids then start from.
struct PrunedBlock {
  /// The rows before pruning.
  let rows: [[Float]]
  /// One metric for each ridge that rows have.
  let metrics: [RowMetric]
  /// The metric of each row.
  let kinds: [Int]
  let pruned: [(columns: [Int], values: [Float])]

  init(_ problem: CompressionProblem, _ goal: PruningGoal, threads: Int) throws(PackError) {
    let ridges = Set(problem.ridges).sorted()
    metrics = ridges.map { RowMetric(problem, ridge: $0) }
    kinds = problem.ridges.map { ridges.firstIndex(of: $0) ?? 0 }
    let columns = problem.columns
    rows = (0..<problem.outputs).map {
      Array(problem.rows[$0 * columns..<($0 + 1) * columns])
    }
    pruned = try WeightPruning(metrics: metrics, kinds: kinds, threads: threads).pruned(rows, goal)
  }

  /// The grid of each metric.
  func grids(_ problem: CompressionProblem, _ levels: WeightLevels) -> [SharedGrid] {
    let keepsAll = pruned.contains { $0.columns.count == problem.columns }
    return metrics.map {
      SharedGrid($0, worth: problem.worth, levels: levels, keepsAll: keepsAll)
    }
  }
}
