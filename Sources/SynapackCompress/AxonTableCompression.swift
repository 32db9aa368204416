public import SynapackConvert
internal import SynapackDense
public import SynapackSupport

/// Puts weights on tables of four values a neuron, one for each type of axon.
///
///     n_oj ∈ {0, v_o(t_j)}     v_o(t) whole, of the width
///
/// Types are one for a block and chosen first (``AxonTypes``). Each row then decides which of its synapses
/// are there as any grid is rounded (``GridRow``), solves its table for them, and decides again; the
/// best of a few rounds stays.
public struct AxonTableCompression: LayerCompression {
  /// The width of a table's values, sign included.
  public var weightBits: Int
  public var pruning: PruningPlan
  public var threads: Int

  private static let rounds = 4

  public init(weightBits: Int, pruning: PruningPlan = .none, threads: Int) {
    (self.weightBits, self.pruning, self.threads) = (weightBits, pruning, threads)
  }

  public func compressed(_ problem: CompressionProblem) throws(PackError) -> CompressedRows {
    let block = try PrunedBlock(problem, pruning.goal(problem.name), threads: threads)
    let (columns, order) = (problem.columns, problem.columns - 1)
    let payloads = block.pruned.map { row in
      var values = Array(repeating: Float(0), count: order)
      for (column, value) in zip(row.columns, row.values) where column < order {
        values[column] = value * problem.worth[column]
      }
      return values
    }
    let costs = (0..<order).map {
      block.metrics[0].values[$0 * columns + $0] / (problem.worth[$0] * problem.worth[$0])
    }
    let types = AxonTypes(payloads, weights: costs, sources: problem.sources)
    let grids = block.grids(problem, .switches)
    let finished = try parallelUnits(count: payloads.count, threads: threads) {
      (row) throws(PackError) in
      let kind = block.kinds[row]
      let fit = AxonTableRow(
        metric: block.metrics[kind], grid: grids[kind], worth: problem.worth, types: types.types,
        most: Float((1 << (weightBits - 1)) - 1), least: problem.leastUnit(row))
      return try fit.best(block.pruned[row], table: types.table(row), rounds: Self.rounds)
    }
    guard problem.sharesUnit, let unit = finished.map(\.unit).max() else {
      return CompressedRows(rows: finished.flatMap(\.values), units: finished.map(\.unit))
    }
    return shared(problem, finished.map(\.values), unit: unit)
  }

  /// All tables in one unit.
  private func shared(
    _ problem: CompressionProblem, _ rows: [[Float]], unit: Float
  ) -> CompressedRows {
    let rounded = rows.map { row in
      row.enumerated().map { column, value in
        guard column < row.count - 1 else { return value }
        let step = unit / problem.worth[column]
        return (value / step).rounded() * step
      }
    }
    return CompressedRows(
      rows: rounded.flatMap { $0 }, units: Array(repeating: unit, count: rows.count))
  }
}

/// One row on its table.
private struct AxonTableRow {
  let metric: RowMetric
  let grid: SharedGrid
  let worth: [Float]
  let types: [Int]
  let most: Float
  let least: Float

  func best(
    _ row: (columns: [Int], values: [Float]), table: [Float], rounds: Int
  ) throws(PackError) -> GridRow.Result {
    var target = Array(repeating: Float(0), count: metric.order)
    for (column, value) in zip(row.columns, row.values) { target[column] = value }
    let wanted = metric.product(target)
    var (table, best): ([Float], GridRow.Result?) = (table, nil)
    for _ in 0..<rounds {
      let largest = table.map(\.magnitude).max() ?? 0
      let unit = max(largest / most, least, Float.leastNormalMagnitude)
      // A type without a value gets the least one, so that its synapses can still be there.
      let levels = table.map { value in
        let level = (value / unit).rounded()
        return level == 0 ? (value < 0 ? -1 : 1) : level
      }
      let own = zip(worth, types).map { $0 / levels[$1] }
      let result = try grid.rounded(row, units: [unit], rate: nil, worth: own)
      let cost = cost(of: result.values, target)
      if cost < best?.cost ?? .infinity {
        best = result
        best?.cost = cost
        best?.unit = unit
      }
      guard let solved = solved(result.levels, wanted) else { break }
      table = solved
    }
    return best ?? GridRow.Result(values: target.map { _ in 0 }, levels: [], unit: 1, cost: 0)
  }

  private func cost(of values: [Float], _ target: [Float]) -> Float {
    let error = zip(values, target).map { $0 - $1 }
    return zip(error, metric.product(error)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The values of the types, and the bias, that are best for the synapses that are there:
  /// BᵀM·B·v = BᵀM·x, with a column of B for each type and one for the bias.
  private func solved(_ levels: [Float], _ wanted: [Float]) -> [Float]? {
    let order = metric.order
    var basis = Array(
      repeating: Array(repeating: Float(0), count: order), count: AxonTypes.count + 1)
    for column in 0..<order - 1 where levels[column] != 0 {
      basis[types[column]][column] = 1 / worth[column]
    }
    basis[AxonTypes.count][order - 1] = 1
    let used = basis.indices.filter { basis[$0].contains { $0 != 0 } }
    func product(_ left: [Float], _ right: [Float]) -> Float {
      zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let images = used.map { metric.product(basis[$0]) }
    let matrix = used.flatMap { row in images.map { product(basis[row], $0) } }
    guard
      let values = InverseFactor.solution(
        matrix, order: used.count, used.map { product(basis[$0], wanted) })
    else { return nil }
    var table = Array(repeating: Float(0), count: AxonTypes.count)
    for (type, value) in zip(used, values) where type < AxonTypes.count { table[type] = value }
    return table
  }
}
