/// Cores in rows and columns, on one chip or on a board of equal chips.
///
/// Cells are numbered row by row: cell y · columns + x lies in column x of row y. A step to the
/// next cell counts one hop, and `crossing` hops more where it leaves a chip:
///
///     X(x) = x + crossing · ⌊x / chipColumns⌋,  Y(y) likewise
///     distance(a, b) = |X(a) − X(b)| + |Y(a) − Y(b)|
public struct MeshGeometry: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// The rows and columns of one chip; those of the mesh where all of it is one chip.
  public let chipRows: Int
  public let chipColumns: Int
  /// The hops that a step from one chip to the next counts beyond the one of every step.
  public let crossing: Int

  /// A mesh on one chip; less than one row or column is taken as one.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, chipRows: rows, chipColumns: columns, crossing: 0)
  }

  /// A board of chips that share one mesh.
  public init(rows: Int, columns: Int, chipRows: Int, chipColumns: Int, crossing: Int) {
    self.rows = max(1, rows)
    self.columns = max(1, columns)
    self.chipRows = max(1, chipRows)
    self.chipColumns = max(1, chipColumns)
    self.crossing = max(0, crossing)
  }

  public var cells: Int { rows * columns }

  /// Where each cell lies, in hops from the first row and column.
  var positions: [SIMD2<Float>] {
    var positions: [SIMD2<Float>] = []
    positions.reserveCapacity(cells)
    for y in 0..<rows {
      for x in 0..<columns { positions.append(SIMD2(Float(across(x)), Float(down(y)))) }
    }
    return positions
  }

  func across(_ x: Int) -> Int { x + crossing * (x / chipColumns) }
  func down(_ y: Int) -> Int { y + crossing * (y / chipRows) }

  /// The hops between two cells.
  public func distance(_ left: Int, _ right: Int) -> Int {
    abs(across(left % columns) - across(right % columns))
      + abs(down(left / columns) - down(right / columns))
  }

  /// The largest number of cells within each distance of any cell, as the ascending distances of
  /// a cell with the most near neighbours: no cell has a k-th nearest one that is nearer.
  func nearestDistances(limit: Int) -> [Int] {
    guard crossing == 0 else {
      // On a board the hops only grow, so the distances on one chip bound them from below.
      return MeshGeometry(rows: rows, columns: columns).nearestDistances(limit: limit)
    }
    let (y, x) = (rows / 2, columns / 2)
    var counts = [Int](repeating: 0, count: rows + columns)
    for row in 0..<rows {
      for column in 0..<columns { counts[abs(row - y) + abs(column - x)] += 1 }
    }
    var distances: [Int] = []
    for distance in counts.indices.dropFirst() where distances.count < limit {
      let more = min(counts[distance], limit - distances.count)
      distances.append(contentsOf: repeatElement(distance, count: more))
    }
    return distances
  }
}
