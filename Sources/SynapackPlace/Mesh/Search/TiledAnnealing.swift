internal import SynapackSupport

/// Annealing of large meshes in rectangles that are worked on side by side.
///
/// A step cuts the mesh into rectangles, and each is annealed on its own for a few temperatures
/// while all others stand as they stood when the step began. The cuts move from step to step, so
/// that no border stays one. What a rectangle comes to depends on the placement before the step
/// and on its number alone, so the result is the same for any number of threads; and as it fits
/// the caches, the time grows with the clusters and no faster.
enum TiledAnnealing {
  /// Smaller meshes are annealed as a whole.
  static let leastClusters = 32_768
  private static let side = 64
  private static let steps = 24
  private static let temperatures = Annealing.rounds / steps

  /// A placement that is hardly ever worse than `places`.
  ///
  /// - Parameter stop: asked between steps; where it says true the placement so far is returned.
  static func places(
    _ graph: Adjacency, _ mesh: MeshGeometry, _ places: [Int32], _ schedule: Annealing.Schedule,
    seed: UInt64, threads: Int, stop: () -> Bool
  ) -> [Int32] {
    var board = Board(graph, mesh, places)
    var first = Annealing(schedule, seed: seed)
    var temperature = first.firstTemperature(MeshState(graph, mesh, places))
    var window = Float(schedule.window ?? side)
    for step in 0..<steps where !stop() {
      let shift = SIMD2(step * 29 % side, step * 43 % side)
      let tiles = board.tiles(side: side, shift: shift)
      let now = (board: board, temperature: temperature, window: window)
      // No unit throws: an error here would be one of threads, and there is none to have.
      let results = try? parallelUnits(count: tiles.count, threads: threads) { index in
        var region = Region(tiles[index], of: now.board)
        let share = Double(region.state.graph.count) / Double(max(1, graph.count))
        var annealing = Annealing(
          .init(
            moves: max(1, Int(Double(schedule.moves) * share)), heat: schedule.heat,
            window: schedule.window, aimed: schedule.aimed),
          seed: seed &+ UInt64(step) << 32 &+ UInt64(index))
        region.window = annealing.run(
          &region.state, step * temperatures..<(step + 1) * temperatures,
          temperature: now.temperature, window: now.window)
        return region
      }
      guard let results else { return board.places }
      for region in results { board.take(region) }
      let clusters = results.reduce(0) { $0 + $1.state.graph.count }
      let windows = results.reduce(Float(0)) { $0 + $1.window * Float($1.state.graph.count) }
      window = clusters > 0 ? windows / Float(clusters) : window
      for _ in 0..<temperatures { temperature *= Annealing.cooling }
    }
    return board.places
  }

  /// The whole placement, which stands still while rectangles change.
  struct Board: Sendable {
    let graph: Adjacency
    let mesh: MeshGeometry
    let cellPositions: [SIMD2<Float>]
    private(set) var places: [Int32]
    private(set) var tenants: [Int32]

    init(_ graph: Adjacency, _ mesh: MeshGeometry, _ places: [Int32]) {
      self.graph = graph
      self.mesh = mesh
      self.places = places
      cellPositions = mesh.positions
      var tenants = [Int32](repeating: -1, count: mesh.cells)
      for (cluster, cell) in places.enumerated() { tenants[Int(cell)] = Int32(cluster) }
      self.tenants = tenants
    }

    /// Rectangles of at most `side` × `side` cells that cover the mesh, the first ones cut by
    /// `shift` rows and columns.
    func tiles(side: Int, shift: SIMD2<Int>) -> [Tile] {
      func ranges(_ extent: Int, _ shift: Int) -> [Range<Int>] {
        stride(from: -shift, to: extent, by: side).map { start in
          max(0, start)..<min(extent, start + side)
        }.filter { !$0.isEmpty }
      }
      let columns = ranges(mesh.columns, shift.x)
      return ranges(mesh.rows, shift.y).flatMap { rows in
        columns.map { Tile(rows: rows, columns: $0) }
      }
    }

    mutating func take(_ region: Region) {
      for (local, cluster) in region.clusters.enumerated() {
        places[Int(cluster)] = region.cells[Int(region.state.places[local])]
      }
      for (local, cell) in region.cells.enumerated() {
        let tenant = region.state.tenants[local]
        tenants[Int(cell)] = tenant < 0 ? -1 : region.clusters[Int(tenant)]
      }
    }
  }

  struct Tile: Sendable {
    var rows: Range<Int>
    var columns: Range<Int>
  }

  /// One rectangle with what its clusters exchange, inside and beyond.
  struct Region: Sendable {
    /// The cells of the mesh, row by row.
    let cells: [Int32]
    /// The clusters of the graph that sit there.
    let clusters: [Int32]
    var state: MeshState
    var window: Float = 0

    init(_ tile: Tile, of board: Board) {
      let columns = board.mesh.columns
      let cells = tile.rows.flatMap { row in tile.columns.map { Int32(row * columns + $0) } }
      let local = MeshGeometry(rows: tile.rows.count, columns: tile.columns.count)
      var clusters: [Int32] = []
      var places: [Int32] = []
      // For each cell who sits there by the number in the rectangle.
      var numbers = [Int32](repeating: -1, count: cells.count)
      for (place, cell) in cells.enumerated() where board.tenants[Int(cell)] >= 0 {
        numbers[place] = Int32(clusters.count)
        clusters.append(board.tenants[Int(cell)])
        places.append(Int32(place))
      }
      var offsets = [0]
      offsets.reserveCapacity(clusters.count + 1)
      var links: [ClusterGraph.Link] = []
      var beyond: [(position: SIMD2<Float>, place: Int32)] = []
      for cluster in clusters {
        for link in board.graph.links[board.graph.row(Int(cluster))] {
          let cell = Int(board.places[Int(link.cluster)])
          let (y, x) = (cell / columns, cell % columns)
          // The cell of the rectangle that is nearest: where one looks who aims at a neighbour.
          let row = min(max(y, tile.rows.lowerBound), tile.rows.upperBound - 1)
          let column = min(max(x, tile.columns.lowerBound), tile.columns.upperBound - 1)
          let place =
            (row - tile.rows.lowerBound) * tile.columns.count + column - tile.columns.lowerBound
          if row == y, column == x {
            links.append(.init(cluster: numbers[place], weight: link.weight))
          } else {
            links.append(
              .init(cluster: Int32(clusters.count + beyond.count), weight: link.weight))
            beyond.append((board.cellPositions[cell], Int32(place)))
          }
        }
        offsets.append(links.count)
      }
      self.cells = cells
      self.clusters = clusters
      state = MeshState(
        Adjacency(offsets: offsets, links: links), local, places,
        cellPositions: cells.map { board.cellPositions[Int($0)] }, beyond: beyond)
    }
  }
}
