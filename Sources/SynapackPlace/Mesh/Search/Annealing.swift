internal import SynapackSupport

/// Simulated annealing over swaps of any two clusters and moves into empty cells.
///
/// A move that changes Σ w·d by δ is taken with probability min(1, e^(−δ/T)). T falls
/// geometrically; the window in which a cluster looks for a cell shrinks while less than 44 % of
/// the moves are taken, as in VPR's placer. Half of the moves aim at the place of a neighbour
/// instead, where a cluster would like to be.
///
/// Source: Kirkpatrick, Gelatt and Vecchi 1983; Betz and Rose, "VPR", FPL 1997, for the window.
struct Annealing {
  /// How long and how hot.
  struct Schedule {
    /// Moves that are tried in all.
    var moves: Int
    /// The first temperature as a multiple of the mean uphill change, 0 for a descent: 10 takes
    /// nine of ten such moves, 0.5 one of eight.
    var heat: Float
    /// The first window, in cells to each side; nil for the whole mesh.
    var window: Int?
    /// The share of moves that aim at a neighbour, of 256.
    var aimed: UInt64 = 128
  }

  static let rounds = 120
  /// From the first of these rounds on every move goes downhill.
  private static let frozen = 114
  /// The temperature falls by this factor a round, to 0.004 of the first before the last rounds.
  static let cooling: Float = 0.95272

  private var random: SeededGenerator
  private let schedule: Schedule

  init(_ schedule: Schedule, seed: UInt64) {
    self.schedule = schedule
    random = SeededGenerator(seed: seed)
  }

  /// Improves the state; the best placement that was seen is left in it.
  ///
  /// - Parameter stop: asked now and then; where it says true the best one so far is left.
  mutating func run(_ state: inout MeshState, stop: (Double) -> Bool) {
    let count = state.graph.count
    guard count > 1, schedule.moves > 0 else { return }
    var cost = state.hops()
    var best = (cost: cost, places: state.places)
    var temperature = firstTemperature(state)
    let widest = Float(max(state.mesh.rows, state.mesh.columns))
    var window = schedule.window.map(Float.init) ?? widest
    let perRound = max(256, schedule.moves / Annealing.rounds)
    for round in 0..<Annealing.rounds {
      let isFrozen = round >= Annealing.frozen || schedule.heat == 0
      let (taken, change) = sweep(
        &state, perRound, isFrozen ? 0 : temperature, Int(window), stop: { stop(best.cost) })
      temperature *= Annealing.cooling
      // Sums of small changes drift; every now and then the cost is taken afresh.
      cost = round % 16 == 15 ? state.hops() : cost + change
      let share = Float(taken) / Float(perRound)
      window = min(widest, max(2, window * (1 - 0.44 + share)))
      if cost < best.cost, isFrozen || round > Annealing.rounds / 3 {
        best = (cost, state.places)
      }
      if stop(best.cost) || (isFrozen && taken == 0 && window <= 2) { break }
    }
    cost = state.hops()
    if best.cost < cost * (1 - 1e-7) { state.take(best.places) }
  }

  /// Runs some of the rounds, from a temperature and window on; the window that they end with.
  mutating func run(
    _ state: inout MeshState, _ rounds: Range<Int>, temperature: Float, window: Float
  ) -> Float {
    guard state.graph.count > 1 else { return window }
    let widest = Float(max(state.mesh.rows, state.mesh.columns))
    let perRound = max(1, schedule.moves / Annealing.rounds)
    var (temperature, window) = (temperature, window)
    for round in rounds {
      let isFrozen = round >= Annealing.frozen || schedule.heat == 0
      let (taken, _) = sweep(
        &state, perRound, isFrozen ? 0 : temperature, Int(window), stop: { false })
      temperature *= Annealing.cooling
      window = min(widest, max(2, window * (1 - 0.44 + Float(taken) / Float(perRound))))
    }
    return window
  }

  /// `heat` times the mean of the uphill changes in a sample.
  mutating func firstTemperature(_ state: MeshState) -> Float {
    guard schedule.heat > 0 else { return 0 }
    var sum: Float = 0
    var uphill = 0
    let window = schedule.window ?? max(state.mesh.rows, state.mesh.columns)
    for _ in 0..<512 {
      let cluster = below(state.graph.count)
      let cell = nearby(Int(state.places[cluster]), window, state.mesh)
      let change = state.change(moving: cluster, to: cell)
      if change > 0 {
        sum += change
        uphill += 1
      }
    }
    return uphill > 0 ? schedule.heat * sum / Float(uphill) : 0
  }

  /// Tries moves at one temperature; how many were taken and by how much Σ w·d changed.
  private mutating func sweep(
    _ state: inout MeshState, _ moves: Int, _ temperature: Float, _ window: Int, stop: () -> Bool
  ) -> (taken: Int, change: Double) {
    var taken = 0
    var total = 0.0
    let inverse = temperature > 0 ? 1 / temperature : 0
    let count = state.graph.count
    for move in 0..<moves {
      if move & 0xFFFF == 0xFFFF, stop() { break }
      let cluster = below(count)
      let cell = candidate(cluster, window, state)
      guard cell != Int(state.places[cluster]) else { continue }
      let change = state.change(moving: cluster, to: cell)
      if change <= 0 {
        // A move that changes nothing lets clusters that are alike change places.
        guard change < 0 || temperature > 0 else { continue }
      } else {
        guard temperature > 0, random.unitFloat() < Annealing.decay(change * inverse)
        else { continue }
      }
      state.move(cluster, to: cell)
      taken += 1
      total += Double(change)
    }
    return (taken, total)
  }

  /// e^(−x) as (1 − x/16)¹⁶, which is the same number on every machine.
  @inline(__always)
  private static func decay(_ x: Float) -> Float {
    var power = max(0, 1 - x / 16)
    power *= power
    power *= power
    power *= power
    return power * power
  }

  @inline(__always)
  private mutating func candidate(_ cluster: Int, _ window: Int, _ state: MeshState) -> Int {
    let from = state.graph.offsets[cluster]
    let degree = state.graph.offsets[cluster + 1] - from
    if degree > 0, random.next() & 0xFF < schedule.aimed {
      let link = state.graph.links[from + below(degree)]
      return nearby(Int(state.places[Int(link.cluster)]), max(1, window / 2), state.mesh)
    }
    return nearby(Int(state.places[cluster]), window, state.mesh)
  }

  /// A cell at most `window` rows and columns away.
  @inline(__always)
  private mutating func nearby(_ cell: Int, _ window: Int, _ mesh: MeshGeometry) -> Int {
    let (y, x) = (cell / mesh.columns, cell % mesh.columns)
    let (top, left) = (max(0, y - window), max(0, x - window))
    let (bottom, right) = (min(mesh.rows - 1, y + window), min(mesh.columns - 1, x + window))
    let row = top + below(bottom - top + 1)
    return row * mesh.columns + left + below(right - left + 1)
  }

  /// A number in 0 ..< bound, for bounds below 2³².
  @inline(__always)
  private mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: ((random.next() >> 32) &* UInt64(truncatingIfNeeded: bound)) >> 32)
  }
}

extension Annealing {
  /// Moves that take about the same time for graphs of equally many clusters, whether each has
  /// few neighbours or many: a move visits the links of two clusters. Large graphs get fewer for
  /// each cluster, by the square root of their number: their long ways were settled on the levels
  /// above. The draw and its checks take as long as 40 links.
  static func affordable(_ graph: Adjacency, effort: Double) -> Int {
    let count = Double(max(1, graph.count))
    let visits = 300_000 * effort * min(1, (16_384 / count).squareRoot())
    let perMove = 40 + 2 * Double(graph.links.count) / count
    return max(1000, Int(min(6000 * effort, visits / perMove) * count))
  }
}
