internal import SynapackConvert
internal import SynapackDense
internal import SynapackSupport

/// Prunes and rounds the rows of a wide block in one pass over its columns.
///
///     for each column j:  n_j = the level of x_j, or 0 where x_j²/U_jj² is among the least
///                         x_k ← x_k − (x_j − n_j·step_j)·U_jk / U_jj   for every k > j
///
/// M⁻¹ = Uᵀ·U is one factor for all rows, so a block of r rows and k columns costs k³ once and
/// r·k² for the pass, where solving each pruned row by itself costs r·k³. Columns are taken in
/// chunks: within one, row by row; what a chunk leaves to the columns behind it is one matrix
/// product. Source: Frantar and Alistarh, "SparseGPT", ICML 2023, algorithm 1.
struct ColumnSweep {
  let levels: WeightLevels
  let goal: PruningGoal
  let threads: Int

  /// Rows that are swept together and share the choice of what goes; a constant, so that no result
  /// depends on the threads.
  private static let rows = 32
  /// Columns of a chunk.
  private static let columns = 128
  /// Multiplications from which solving row by row takes minutes.
  private static let limit = 1e11

  /// Whether solving the rows one by one would take too long.
  static func isNeeded(_ problem: CompressionProblem, pruned goal: PruningGoal) -> Bool {
    let (rows, order) = (Double(problem.outputs), Double(problem.columns))
    let row = problem.columns - 1
    let prunes = goal.kept(of: row * problem.outputs, row: row) < row * problem.outputs
    return rows * order * order * (prunes ? order : 16) > limit
  }

  func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows {
    let columns = problem.columns
    // One ridge for all rows: the one in the middle.
    let ridge = problem.ridges.sorted()[problem.ridges.count / 2]
    let metric = RowMetric(problem, ridge: ridge)
    guard let factor = InverseFactor(of: metric.values, order: columns) else {
      throw PackError(
        .cannotCompress, "the inputs of the layer do not determine its weights",
        hint: "use more, or more varied, calibration inputs")
    }
    let diagonal = (0..<columns).map { metric.values[$0 * columns + $0] }
    let shared = problem.sharesUnit ? largestUnit(problem, 0..<problem.outputs) : nil
    let groups = (problem.outputs + ColumnSweep.rows - 1) / ColumnSweep.rows
    let parts = try parallelUnits(count: groups, threads: threads) {
      (group) throws(PackError) -> CompressedRows in
      let range = group * ColumnSweep.rows..<min((group + 1) * ColumnSweep.rows, problem.outputs)
      let units = range.map { row in
        shared ?? bestUnit(problem, row, diagonal)
      }
      let values = Array(problem.rows[range.lowerBound * columns..<range.upperBound * columns])
      return CompressedRows(
        rows: swept(values, factor, units: units, worth: problem.worth), units: units)
    }
    return CompressedRows(rows: parts.flatMap(\.rows), units: parts.flatMap(\.units))
  }

  // MARK: - Units

  private func largestUnit(_ problem: CompressionProblem, _ rows: Range<Int>) -> Float {
    var largest: Float = 0
    for row in rows {
      for (column, worth) in problem.worth.enumerated() {
        largest = max(largest, problem.rows[row * problem.columns + column].magnitude * worth)
      }
    }
    return largest > 0 ? largest / Float(levels.most) : 1
  }

  /// The unit by which rounding each weight by itself costs least, a change of column j counting
  /// M_jj.
  private func bestUnit(
    _ problem: CompressionProblem, _ row: Int, _ diagonal: [Float]
  ) -> Float {
    let least = problem.leastUnit(row)
    let whole = max(largestUnit(problem, row..<row + 1), least)
    let start = row * problem.columns
    var best = (unit: whole, cost: Float.infinity)
    for unit in levels.fractions.map({ max(whole * $0, least) }) {
      var cost: Float = 0
      for (column, worth) in problem.worth.enumerated() {
        let (value, step) = (problem.rows[start + column], unit / worth)
        let error = value - levels.nearest(value / step) * step
        cost += error * error * diagonal[column]
      }
      if cost < best.cost { best = (unit, cost) }
    }
    return best.unit
  }

  // MARK: - The pass

  private func swept(
    _ rows: [Float], _ factor: InverseFactor, units: [Float], worth: [Float]
  ) -> [Float] {
    var rows = rows
    let (order, count) = (factor.order, units.count)
    var removed = 0
    for first in stride(from: 0, to: order - 1, by: ColumnSweep.columns) {
      let chunk = first..<min(first + ColumnSweep.columns, order - 1)
      let stays = mask(rows, factor, chunk, count, &removed)
      var errors = Array(repeating: Float(0), count: count * chunk.count)
      for row in 0..<count {
        for column in chunk {
          let place = row * order + column
          let step = units[row] / worth[column]
          let value = rows[place]
          let rounded =
            stays[row * chunk.count + column - first] ? levels.nearest(value / step) * step : 0
          let error = (value - rounded) / factor.values[column * order + column]
          rows[place] = rounded
          errors[row * chunk.count + column - first] = error
          factor.subtract(error, row: column, chunk, from: &rows, at: row * order)
        }
      }
      factor.subtract(errors, rows: chunk, from: &rows, sides: count)
    }
    return rows
  }

  /// Which weights of a chunk stay, [rows][chunk].
  private func mask(
    _ rows: [Float], _ factor: InverseFactor, _ chunk: Range<Int>, _ count: Int,
    _ removed: inout Int
  ) -> [Bool] {
    let order = factor.order
    var stays = Array(repeating: true, count: count * chunk.count)
    func cost(_ place: Int) -> Float {
      let column = chunk.lowerBound + place % chunk.count
      let ratio =
        rows[place / chunk.count * order + column] / factor.values[column * order + column]
      return ratio * ratio
    }
    func remove(_ places: some Sequence<Int>, _ number: Int) {
      let costs = places.map { (cost($0), $0) }.sorted { $0 < $1 }
      for (_, place) in costs.prefix(max(0, number)) { stays[place] = false }
    }
    switch goal {
    case .share(let share):
      let wanted = Int((Double(count * chunk.upperBound) * share).rounded()) - removed
      removed += max(0, wanted)
      remove(stays.indices, wanted)
    case .groups(let kept, let size):
      let groups = Dictionary(grouping: stays.indices) { place in
        [place / chunk.count, (chunk.lowerBound + place % chunk.count) / size]
      }
      for places in groups.values { remove(places, places.count - kept) }
    }
    return stays
  }
}
