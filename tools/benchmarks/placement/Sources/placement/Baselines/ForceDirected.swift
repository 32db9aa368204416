internal import SynapackPlace

/// Force-directed swaps of adjacent cells, after Jin et al. 2023 as AxonFlow describes them.
///
/// A cluster c is pushed towards direction e by
///
///     F_e(c) = Σ w·(u(p_c − p_o) − u(p_c + e − p_o))
///
/// over its neighbours o; the tension of two adjacent cells is the sum of the two forces across
/// their border. Every round the pairs of the highest tension, a fraction λ of all positive ones,
/// are swapped if their tension, computed anew, still is positive; it ends when none is left.
struct ForceDirected {
  enum Potential {
    /// max(|dx| + |dy|, 1): at the distance 0 two neighbours would seem to gain by a swap.
    case manhattan
    /// max(dx² + dy², 1)
    case squared
  }

  private static let fraction = 0.3
  private static let largestRoundCount = 2000

  let neighbours: Neighbours
  let rows: Int
  let columns: Int
  let potential: Potential
  private(set) var places: [Int32]
  private var tenants: [Int32]
  private var points: [SIMD2<Float>]

  init(
    _ neighbours: Neighbours, rows: Int, columns: Int, places: [Int32], potential: Potential
  ) {
    self.neighbours = neighbours
    self.rows = rows
    self.columns = columns
    self.potential = potential
    self.places = places
    tenants = Array(repeating: -1, count: rows * columns)
    for (cluster, cell) in places.enumerated() { tenants[Int(cell)] = Int32(cluster) }
    points = places.map {
      SIMD2(Float(Int($0) % columns), Float(Int($0) / columns))
    }
  }

  mutating func run(until isOver: () -> Bool) {
    for round in 0..<ForceDirected.largestRoundCount {
      var pairs: [(tension: Float, cell: Int32, other: Int32)] = []
      for cell in 0..<rows * columns {
        if cell % columns + 1 < columns { add(cell, cell + 1, &pairs) }
        if cell / columns + 1 < rows { add(cell, cell + columns, &pairs) }
      }
      guard !pairs.isEmpty, !isOver() else { return }
      pairs.sort { ($0.tension, $1.cell, $1.other) > ($1.tension, $0.cell, $0.other) }
      // Near the end one at a time, or squared potentials may go round in circles.
      let share = round > 1000 ? 0 : ForceDirected.fraction
      for pair in pairs.prefix(max(1, Int(Double(pairs.count) * share))) {
        if tension(Int(pair.cell), Int(pair.other)) > 1e-4 { swap(Int(pair.cell), Int(pair.other)) }
      }
    }
  }

  private func add(
    _ cell: Int, _ other: Int, _ pairs: inout [(tension: Float, cell: Int32, other: Int32)]
  ) {
    let tension = tension(cell, other)
    if tension > 1e-4 { pairs.append((tension, Int32(cell), Int32(other))) }
  }

  private func point(_ cell: Int) -> SIMD2<Float> {
    SIMD2(Float(cell % columns), Float(cell / columns))
  }

  private func tension(_ cell: Int, _ other: Int) -> Float {
    force(tenants[cell], point(cell), point(other))
      + force(tenants[other], point(other), point(cell))
  }

  private func force(_ tenant: Int32, _ from: SIMD2<Float>, _ to: SIMD2<Float>) -> Float {
    guard tenant >= 0 else { return 0 }
    var force: Float = 0
    let range =
      neighbours.offsets[Int(tenant)]..<neighbours.offsets[Int(tenant) + 1]
    switch potential {
    case .manhattan:
      for index in range {
        let link = neighbours.links[index]
        let far = points[Int(link.cluster)]
        let (old, new) = (from - far, to - far)
        force +=
          link.weight
          * (max(1, old.x.magnitude + old.y.magnitude) - max(1, new.x.magnitude + new.y.magnitude))
      }
    case .squared:
      for index in range {
        let link = neighbours.links[index]
        let far = points[Int(link.cluster)]
        let (old, new) = (from - far, to - far)
        force +=
          link.weight
          * (max(1, old.x * old.x + old.y * old.y) - max(1, new.x * new.x + new.y * new.y))
      }
    }
    return force
  }

  private mutating func swap(_ cell: Int, _ other: Int) {
    tenants.swapAt(cell, other)
    for cell in [cell, other] {
      let tenant = Int(tenants[cell])
      guard tenant >= 0 else { continue }
      places[tenant] = Int32(cell)
      points[tenant] = point(cell)
    }
  }
}

/// Both directions of a graph's links: for each cluster all that it exchanges with others.
struct Neighbours {
  var offsets: [Int]
  var links: [ClusterGraph.Link]

  init(_ graph: ClusterGraph) {
    var counts = [Int](repeating: 0, count: graph.count + 1)
    for source in 0..<graph.count {
      counts[source + 1] += graph.offsets[source + 1] - graph.offsets[source]
    }
    for link in graph.links { counts[Int(link.cluster) + 1] += 1 }
    for index in 0..<graph.count { counts[index + 1] += counts[index] }
    offsets = counts
    links = Array(
      repeating: ClusterGraph.Link(cluster: 0, weight: 0), count: 2 * graph.links.count)
    var next = counts
    for source in 0..<graph.count {
      for link in graph.links[graph.offsets[source]..<graph.offsets[source + 1]] {
        links[next[source]] = link
        next[source] += 1
        links[next[Int(link.cluster)]] = .init(cluster: Int32(source), weight: link.weight)
        next[Int(link.cluster)] += 1
      }
    }
  }
}
