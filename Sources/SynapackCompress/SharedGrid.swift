internal import SynapackDense
internal import SynapackSupport

/// The grid rows of one metric: made once for the rows that keep every column, and for each other
/// row by itself.
struct SharedGrid {
  private let metric: RowMetric
  private let worth: [Float]
  private let levels: WeightLevels
  /// All columns in the order in which they are rounded, and the row made for them.
  private let whole: (columns: [Int], row: GridRow)?

  /// - Parameter keepsAll: whether any row keeps every column.
  init(_ metric: RowMetric, worth: [Float], levels: WeightLevels, keepsAll: Bool) {
    self.metric = metric
    self.worth = worth
    self.levels = levels
    guard keepsAll else {
      whole = nil
      return
    }
    let columns = SharedGrid.ordered(Array(0..<metric.order), metric, worth)
    whole = SharedGrid.row(columns, metric, levels).map { (columns, $0) }
  }

  /// The columns by what a step of each costs, the dearest first while there are many left to
  /// answer it; the bias last.
  private static func ordered(
    _ columns: [Int], _ metric: RowMetric, _ worth: [Float]
  ) -> [Int] {
    let weights = columns.dropLast().sorted { left, right in
      func cost(_ column: Int) -> Float {
        metric.values[column * metric.order + column] / (worth[column] * worth[column])
      }
      return (cost(right), left) < (cost(left), right)
    }
    return weights + columns.suffix(1)
  }

  private static func row(
    _ columns: [Int], _ metric: RowMetric, _ levels: WeightLevels
  ) -> GridRow? {
    let part = metric.part(columns)
    return InverseFactor(of: part, order: columns.count).map {
      GridRow(metric: part, factor: $0, levels: levels)
    }
  }

  /// A row on its grid, over all columns.
  ///
  /// - Parameter worth: the worth of the columns for this row, where it has its own.
  /// - Throws: `SYN0801` where the metric is not positive definite.
  func rounded(
    _ row: (columns: [Int], values: [Float]), units: [Float], rate: LevelRate?,
    worth own: [Float]? = nil
  ) throws(PackError) -> GridRow.Result {
    let worth = own ?? worth
    let isWhole = row.columns.count == metric.order
    let columns =
      isWhole ? whole?.columns ?? [] : SharedGrid.ordered(row.columns, metric, worth)
    guard let grid = isWhole ? whole?.row : SharedGrid.row(columns, metric, levels) else {
      throw PackError(
        .cannotCompress, "the inputs of the layer do not determine its weights",
        hint: "use more, or more varied, calibration inputs")
    }
    var places: [Int: Int] = [:]
    for (place, column) in row.columns.enumerated() { places[column] = place }
    let values = columns.map { row.values[places[$0] ?? 0] }
    let best = grid.best(
      values, worth: columns.dropLast().map { worth[$0] }, units: units, rate: rate)
    var result = best
    result.values = Array(repeating: 0, count: metric.order)
    result.levels = worth.map { _ in 0 }
    for (column, value) in zip(columns, best.values) { result.values[column] = value }
    for (column, level) in zip(columns, best.levels) { result.levels[column] = level }
    return result
  }
}
