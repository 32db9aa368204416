internal import SynapackDense
internal import SynapackSupport

/// Chooses which weights of a block stay, by what leaving them out would cost.
///
///     cost of w_j = w_j² / [M⁻¹]_jj        (optimal brain surgeon; Hassibi and Stork 1993)
///
/// In a few rounds the cheapest weights of all rows go, down to the geometric mean of what there is
/// and what is asked for, and the rows are solved again on what stays: a weight that was cheap
/// beside its twin is dear without it.
struct WeightPruning {
  /// One metric for each ridge, and the index of the one that each row has.
  let metrics: [RowMetric]
  let kinds: [Int]
  let threads: Int

  /// Four, as ``power(_:round:)`` takes fourth roots.
  private static let rounds = 4

  /// The columns that stay in each row, ascending, the bias always the last of them, and the rows
  /// solved on them.
  func pruned(
    _ rows: [[Float]], _ goal: PruningGoal
  ) throws(PackError) -> [(columns: [Int], values: [Float])] {
    let order = metrics[0].order
    let all = rows.count * (order - 1)
    var state = rows.map { (columns: Array(0..<order), values: $0) }
    guard goal.kept(of: all, row: order - 1) < all else { return state }
    let shared = metrics.map {
      InverseFactor.inverseDiagonal($0.values, order: order)
        ?? Array(repeating: Float(1), count: order)
    }
    let products = try parallelUnits(count: rows.count, threads: threads) {
      (row) throws(PackError) in metrics[kinds[row]].product(rows[row])
    }
    for round in 1...WeightPruning.rounds {
      let current = state
      let costs = try parallelUnits(count: rows.count, threads: threads) {
        (row) throws(PackError) in
        removalCosts(
          current[row], metrics[kinds[row]], first: round == 1 ? shared[kinds[row]] : nil)
      }
      let columns: [[Int]] =
        switch goal {
        case .share:
          cheapestRemoved(
            current.map(\.columns), costs,
            left: left(goal.kept(of: all, row: order - 1), of: all, round: round))
        case .groups(let kept, let size):
          zip(current, costs).map { row, costs in
            groupsThinned(
              row.columns, costs, size: size, most: left(kept, of: size, round: round))
          }
        }
      state = try parallelUnits(count: rows.count, threads: threads) { (row) throws(PackError) in
        let values = metrics[kinds[row]].solved(products[row], on: columns[row])
        return (columns[row], values ?? columns[row].map { rows[row][$0] })
      }
    }
    return state
  }

  /// How many of `all` a round leaves, of which `kept` stay in the end: all·(kept / all)^(round / 4),
  /// by square roots, so that the bits are the same on every platform.
  private func left(_ kept: Int, of all: Int, round: Int) -> Int {
    guard round < WeightPruning.rounds else { return kept }
    let quarter = (Double(max(kept, 1)) / Double(all)).squareRoot().squareRoot()
    let share = (0..<round).reduce(1) { product, _ in product * quarter }
    return max(kept, Int(Double(all) * share))
  }

  private func removalCosts(
    _ row: (columns: [Int], values: [Float]), _ metric: RowMetric, first: [Float]?
  ) -> [Float] {
    let count = row.columns.count
    let diagonal =
      first ?? InverseFactor.inverseDiagonal(metric.part(row.columns), order: count)
      ?? Array(repeating: 1, count: count)
    return (0..<count - 1).map { row.values[$0] * row.values[$0] / diagonal[$0] }
  }

  private func cheapestRemoved(
    _ columns: [[Int]], _ costs: [[Float]], left: Int
  ) -> [[Int]] {
    var places: [(cost: Float, row: Int, place: Int)] = []
    for (row, list) in costs.enumerated() {
      for (place, cost) in list.enumerated() { places.append((cost, row, place)) }
    }
    places.sort { ($0.cost, $0.row, $0.place) < ($1.cost, $1.row, $1.place) }
    var removed = columns.map { _ in Set<Int>() }
    for (_, row, place) in places.prefix(max(0, places.count - left)) {
      removed[row].insert(place)
    }
    return columns.indices.map { row in
      columns[row].indices.filter { !removed[row].contains($0) }.map { columns[row][$0] }
    }
  }

  /// The columns of a row without the cheapest of each group that still has more than `most`.
  private func groupsThinned(
    _ columns: [Int], _ costs: [Float], size: Int, most: Int
  ) -> [Int] {
    var groups: [Int: [Int]] = [:]
    for place in costs.indices { groups[columns[place] / size, default: []].append(place) }
    var removed = Set<Int>()
    for places in groups.values where places.count > most {
      let cheapest = places.sorted { (costs[$0], $0) < (costs[$1], $1) }
      removed.formUnion(cheapest.prefix(places.count - most))
    }
    return columns.indices.filter { !removed.contains($0) }.map { columns[$0] }
  }
}
