/// The bound of Gilmore and Lawler: an assignment problem whose entries are themselves bounds.
///
///     l(c, p) = Σ_k w₍ₖ₎(c) · d₍ₖ₎(p),  w₍₁₎ ≥ w₍₂₎ ≥ …,  d₍₁₎(p) ≤ d₍₂₎(p) ≤ …
///     Σ w·d ≥ ½ min over all ways to give clusters c different cells p of Σ l(c, p)
///
/// A cluster in a corner has few near cells, and only few clusters can have the middle.
///
/// Source: Gilmore 1962; Lawler, "The quadratic assignment problem", 1963.
enum GilmoreLawler {
  private static let mostClusters = 256
  private static let mostEntries = 1 << 17

  /// Nil where the graph is too large, or the mesh has so many cells that nobody needs a corner.
  static func hops(_ graph: Adjacency, _ mesh: MeshGeometry) -> Double? {
    guard graph.count > 1, graph.count <= mostClusters, graph.count * 4 >= mesh.cells,
      graph.count * mesh.cells <= mostEntries
    else { return nil }
    let weights = (0..<graph.count).map { cluster in
      graph.links[graph.row(cluster)].map { Double($0.weight) }.sorted(by: >)
    }
    let distances = (0..<mesh.cells).map { cell in
      (0..<mesh.cells).map { Double(mesh.distance(cell, $0)) }.sorted().dropFirst()
    }
    let entries = weights.map { own in
      distances.map { near in zip(own, near).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    // The dual of the assignment bounds it from below even where rounding left it inexact.
    return Assignment.least(entries) / 2 * (1 - 1e-9)
  }
}

/// The assignment of rows to different columns of the least sum, by shortest augmenting paths.
///
/// Source: Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
/// assignment problems", Computing 38, 1987.
enum Assignment {
  /// - Parameter costs: rows of equal length, no more rows than columns.
  static func least(_ costs: [[Double]]) -> Double {
    let columns = costs.first?.count ?? 0
    guard costs.count <= columns else { return .infinity }
    var rowPrices = [Double](repeating: 0, count: costs.count)
    var columnPrices = [Double](repeating: 0, count: columns)
    var owners = [Int](repeating: -1, count: columns)
    for row in costs.indices {
      augment(row, costs, &rowPrices, &columnPrices, &owners)
    }
    return owners.enumerated().reduce(0) { sum, entry in
      entry.element < 0 ? sum : sum + costs[entry.element][entry.offset]
    }
  }

  /// Gives one more row a column, along the path of the least reduced costs.
  private static func augment(
    _ row: Int, _ costs: [[Double]], _ rowPrices: inout [Double], _ columnPrices: inout [Double],
    _ owners: inout [Int]
  ) {
    var lengths = [Double](repeating: .infinity, count: owners.count)
    var before = [Int](repeating: -1, count: owners.count)
    var isDone = [Bool](repeating: false, count: owners.count)
    var (current, last, length) = (row, -1, 0.0)
    var end = -1
    while end < 0 {
      var nearest = -1
      for column in owners.indices where !isDone[column] {
        let reduced =
          length + costs[current][column] - rowPrices[current] - columnPrices[column]
        if reduced < lengths[column] {
          lengths[column] = reduced
          before[column] = last
        }
        if nearest < 0 || lengths[column] < lengths[nearest] { nearest = column }
      }
      guard nearest >= 0 else { return }
      isDone[nearest] = true
      length = lengths[nearest]
      last = nearest
      if owners[nearest] < 0 { end = nearest } else { current = owners[nearest] }
    }
    rowPrices[row] += length
    for column in owners.indices where isDone[column] && column != end {
      rowPrices[owners[column]] += length - lengths[column]
      columnPrices[column] -= length - lengths[column]
    }
    while before[end] >= 0 {
      owners[end] = owners[before[end]]
      end = before[end]
    }
    owners[end] = row
  }
}
