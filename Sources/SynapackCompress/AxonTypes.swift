/// The type of each source neuron or channel, as a core with a table of weights in each neuron knows it.
///
///     w_oj ∈ {0, v_o(t_j)}        min over t, v:  Σ_oj d_j·min(p_oj², (p_oj − v_o(t_j))²)
///
/// t_j: the type of column j, one of four and the same for all neurons of the core; v_o: the table of
/// neuron o; p: what a payload adds; d_j: what a change of column j costs. Tables and types are chosen
/// in turn until nothing changes, from sources as unlike each other as there are, and from several
/// of those. A core of TrueNorth is built so (Akopyan et al., "TrueNorth", IEEE TCAD 2015, section III).
struct AxonTypes {
  static let count = 4

  /// The type of each column.
  let types: [Int]

  private let rows: [[Float]]
  private let weights: [Float]

  /// - Parameters:
  ///   - rows: p, each without a bias.
  ///   - weights: d.
  ///   - sources: the source of each column, numbered from 0; columns of one source have one type.
  init(_ rows: [[Float]], weights: [Float], sources: [Int]) {
    self.rows = rows
    self.weights = weights
    var columns = Array(repeating: [Int](), count: (sources.max() ?? -1) + 1)
    for (column, source) in sources.enumerated() { columns[source].append(column) }
    var best: (chosen: [Int], cost: Float)?
    for start in 0..<min(AxonTypes.starts, columns.count) {
      let chosen = AxonTypes.settled(
        AxonTypes.unlike(rows, weights, columns, start: start), rows, weights, columns)
      let cost = AxonTypes.cost(chosen, rows, weights, columns)
      if cost < best?.cost ?? .infinity { best = (chosen, cost) }
    }
    types = sources.map { best?.chosen[$0] ?? 0 }
  }

  /// Sources to begin with, the heaviest ones, each once.
  private static let starts = 8

  /// Types and tables in turn.
  private static func settled(
    _ start: [Int], _ rows: [[Float]], _ weights: [Float], _ columns: [[Int]]
  ) -> [Int] {
    var chosen = start
    for _ in 0..<16 {
      let tables = tables(chosen, rows, weights, columns)
      let next = columns.indices.map { source in
        let costs = (0..<count).map { type in
          cost(rows, weights, columns[source]) { tables[$0][type] }
        }
        return costs.indices.min { (costs[$0], $0) < (costs[$1], $1) } ?? 0
      }
      guard next != chosen else { break }
      chosen = next
    }
    return chosen
  }

  private static func tables(
    _ chosen: [Int], _ rows: [[Float]], _ weights: [Float], _ columns: [[Int]]
  ) -> [[Float]] {
    var types = weights.map { _ in 0 }
    for (source, own) in columns.enumerated() {
      for column in own { types[column] = chosen[source] }
    }
    return rows.map { table($0, weights, types) }
  }

  private static func cost(
    _ chosen: [Int], _ rows: [[Float]], _ weights: [Float], _ columns: [[Int]]
  ) -> Float {
    let tables = tables(chosen, rows, weights, columns)
    return columns.indices.reduce(0) { sum, source in
      sum + cost(rows, weights, columns[source]) { tables[$0][chosen[source]] }
    }
  }

  /// The table of a row.
  func table(_ row: Int) -> [Float] { AxonTypes.table(rows[row], weights, types) }

  private static func table(_ row: [Float], _ weights: [Float], _ types: [Int]) -> [Float] {
    var parts = Array(repeating: [(value: Float, weight: Float)](), count: count)
    for (column, value) in row.enumerated() where value != 0 {
      parts[types[column]].append((value, weights[column]))
    }
    return parts.map(value)
  }

  /// The v of the least Σ d·min(p², (p − v)²): the mean of the largest values of one sign, of all
  /// numbers of them the best.
  static func value(of parts: [(value: Float, weight: Float)]) -> Float {
    var best: (value: Float, gain: Float) = (0, 0)
    for sign in [Float(1), -1] {
      var (sum, weight): (Float, Float) = (0, 0)
      for part in parts.filter({ $0.value * sign > 0 }).sorted(by: {
        $0.value * sign > $1.value * sign
      }) {
        sum += part.value * part.weight
        weight += part.weight
        guard weight > 0, sum * sum / weight > best.gain else { continue }
        best = (sum / weight, sum * sum / weight)
      }
    }
    return best.value
  }

  private static func cost(
    _ rows: [[Float]], _ weights: [Float], _ columns: [Int], _ value: (Int) -> Float
  ) -> Float {
    var sum: Float = 0
    for (row, values) in rows.enumerated() {
      let own = value(row)
      for column in columns {
        let (there, off) = (values[column] - own, values[column])
        sum += weights[column] * min(there * there, off * off)
      }
    }
    return sum
  }

  /// Types by the nearest of four sources: one of the heaviest, by its rank, and then each time the one
  /// that is least like those before it, by the cosine of their weights.
  private static func unlike(
    _ rows: [[Float]], _ weights: [Float], _ columns: [[Int]], start: Int
  ) -> [Int] {
    let vectors = columns.map { own -> [Float] in
      // Taps of one source have one type: their sum stands for all.
      rows.map { row in own.reduce(0) { $0 + row[$1] * weights[$1].squareRoot() } }
    }
    let norms = vectors.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    func likeness(_ left: Int, _ right: Int) -> Float {
      let norm = norms[left] * norms[right]
      return norm > 0 ? zip(vectors[left], vectors[right]).reduce(0) { $0 + $1.0 * $1.1 } / norm : 0
    }
    let heaviest = norms.indices.sorted { (norms[$1], $0) < (norms[$0], $1) }
    let first = heaviest[start]
    var seeds = [first]
    var nearest = norms.indices.map { likeness($0, first) }
    var types = norms.map { _ in 0 }
    while seeds.count < count {
      guard
        let next = norms.indices.filter({ norms[$0] > 0 }).min(by: {
          (nearest[$0], $0) < (nearest[$1], $1)
        }), !seeds.contains(next)
      else { break }
      for source in norms.indices {
        let own = likeness(source, next)
        if own > nearest[source] || source == next {
          (nearest[source], types[source]) = (own, seeds.count)
        }
      }
      seeds.append(next)
    }
    return types
  }
}
