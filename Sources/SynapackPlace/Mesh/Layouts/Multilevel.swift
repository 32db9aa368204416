/// Places groups of clusters first, then the members within their groups' blocks, level by level.
///
/// Annealing alone mends what is near and leaves the large folds as they were; on a coarse graph
/// of few groups it finds those in no time.
enum Multilevel {
  private static let coarsest = 200
  /// Placements of the coarser graph, of which the best is refined: a fold at a wrong place is
  /// seen there and cannot be mended further down. A level has a quarter of the clusters of the
  /// one below it, so that two tries of each at most double the work.
  private static let tries: UInt64 = 2
  /// Larger graphs are tried once: the folds are found on the levels above them.
  private static let mostTriedTwice = 16_384

  /// - Parameters:
  ///   - effort: scales the moves of every level.
  ///   - stop: ends the search early; the result is a placement all the same.
  static func places(
    _ graph: Adjacency, _ mesh: MeshGeometry, effort: Double, seed: UInt64, threads: Int,
    stop: () -> Bool
  ) -> [Int32] {
    var state: MeshState
    let schedule: Annealing.Schedule
    let rows = (mesh.rows + 1) / 2
    let columns = (mesh.columns + 1) / 2
    if graph.count <= coarsest || rows * columns * 4 < graph.count || rows < 2 || columns < 2 {
      state = MeshState(graph, mesh, (0..<Int32(graph.count)).map { $0 })
      let moves = Int(Double(max(20_000, 3000 * graph.count)) * effort)
      schedule = .init(moves: moves, heat: 9, window: nil)
    } else {
      let coarse = Coarsening(graph)
      let block = MeshGeometry(
        rows: rows, columns: columns, chipRows: max(1, mesh.chipRows / 2),
        chipColumns: max(1, mesh.chipColumns / 2), crossing: mesh.crossing / 2)
      let tries = coarse.graph.count > mostTriedTwice ? 1 : tries
      let blocks = best(of: tries, coarse.graph, block) { attempt in
        places(
          coarse.graph, block, effort: effort, seed: seed &* 31 &+ attempt &+ 1,
          threads: threads, stop: stop)
      }
      state = MeshState(graph, mesh, spread(coarse.members, blocks, block, mesh))
      schedule = .init(
        moves: Annealing.affordable(graph, effort: effort), heat: 0.47, window: 4)
    }
    guard !stop() else { return state.places }
    guard graph.count < TiledAnnealing.leastClusters else {
      return TiledAnnealing.places(
        graph, mesh, state.places, schedule, seed: seed, threads: threads, stop: stop)
    }
    var annealing = Annealing(schedule, seed: seed)
    annealing.run(&state) { _ in stop() }
    return state.places
  }

  private static func best(
    of tries: UInt64, _ graph: Adjacency, _ mesh: MeshGeometry, _ attempt: (UInt64) -> [Int32]
  ) -> [Int32] {
    var best = (hops: Double.infinity, places: [Int32]())
    for index in 0..<tries {
      let places = attempt(index)
      let hops = MeshState(graph, mesh, places).hops()
      if hops < best.hops { best = (hops, places) }
    }
    return best.places
  }

  /// Gives the members of every group the cells of its block, and those for which a block at the
  /// rim has no cell the nearest free ones.
  private static func spread(
    _ members: [[Int32]], _ blocks: [Int32], _ block: MeshGeometry, _ mesh: MeshGeometry
  ) -> [Int32] {
    var places = [Int32](repeating: -1, count: members.reduce(0) { $0 + $1.count })
    var isFree = [Bool](repeating: true, count: mesh.cells)
    var homeless: [(cluster: Int, y: Int, x: Int)] = []
    for (group, own) in members.enumerated() {
      let (y, x) = Int(blocks[group]).quotientAndRemainder(dividingBy: block.columns)
      let cells = [(2 * y, 2 * x), (2 * y, 2 * x + 1), (2 * y + 1, 2 * x + 1), (2 * y + 1, 2 * x)]
        .filter { $0.0 < mesh.rows && $0.1 < mesh.columns }
      for (index, cluster) in own.enumerated() {
        guard index < cells.count else {
          homeless.append((Int(cluster), min(2 * y, mesh.rows - 1), min(2 * x, mesh.columns - 1)))
          continue
        }
        let cell = cells[index].0 * mesh.columns + cells[index].1
        places[Int(cluster)] = Int32(cell)
        isFree[cell] = false
      }
    }
    for (cluster, y, x) in homeless {
      let cell = nearestFree(y, x, mesh, isFree)
      places[cluster] = Int32(cell)
      isFree[cell] = false
    }
    return places
  }

  private static func nearestFree(
    _ y: Int, _ x: Int, _ mesh: MeshGeometry, _ isFree: [Bool]
  ) -> Int {
    for radius in 0...mesh.rows + mesh.columns {
      for row in max(0, y - radius)...min(mesh.rows - 1, y + radius) {
        let rest = radius - abs(row - y)
        for column in [x - rest, x + rest] where (0..<mesh.columns).contains(column) {
          if isFree[row * mesh.columns + column] { return row * mesh.columns + column }
        }
      }
    }
    return 0
  }
}
