import SynapackSupport
import TestSupport
import Testing

@testable import SynapackPlace

/// Rectangles of a large mesh, annealed side by side.
@Suite struct TiledAnnealingTests {
  private let mesh = MeshGeometry(rows: 90, columns: 75)

  private func shuffled(_ count: Int, seed: UInt64) -> [Int32] {
    var random = SeededGenerator(seed: seed)
    return randomPlaces(count, mesh, using: &random)
  }

  private func graph(_ count: Int, seed: UInt64) -> ClusterGraph {
    var random = SeededGenerator(seed: seed)
    return randomGraph(count, links: 2 * count, using: &random)
  }

  @Test(arguments: [SIMD2(0, 0), SIMD2(29, 43), SIMD2(63, 1)])
  func rectanglesCoverTheMeshOnce(shift: SIMD2<Int>) {
    let graph = graph(5000, seed: 1)
    let board = TiledAnnealing.Board(graph.adjacency, mesh, shuffled(5000, seed: 2))
    var seen = [Int](repeating: 0, count: mesh.cells)
    for tile in board.tiles(side: 64, shift: shift) {
      for row in tile.rows {
        for column in tile.columns { seen[row * mesh.columns + column] += 1 }
      }
    }
    #expect(seen.allSatisfy { $0 == 1 })
  }

  /// A change that a rectangle foresees is the change of the whole placement.
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func aRectangleCountsWhatLiesBeyond(seed: UInt64) throws {
    let graph = graph(5000, seed: seed)
    let places = shuffled(5000, seed: seed + 10)
    let board = TiledAnnealing.Board(graph.adjacency, mesh, places)
    let tile = TiledAnnealing.Tile(rows: 20..<60, columns: 5..<50)
    var region = TiledAnnealing.Region(tile, of: board)
    var random = SeededGenerator(seed: seed)
    let before = MeshState(graph.adjacency, mesh, places).hops()
    var foreseen = 0.0
    for _ in 0..<50 {
      let cluster = Int.random(in: 0..<region.clusters.count, using: &random)
      let cell = Int.random(in: 0..<region.cells.count, using: &random)
      guard cell != Int(region.state.places[cluster]) else { continue }
      foreseen += Double(region.state.change(moving: cluster, to: cell))
      region.state.move(cluster, to: cell)
    }
    var after = board
    after.take(region)
    #expect(Set(after.places).count == places.count)
    let change = MeshState(graph.adjacency, mesh, after.places).hops() - before
    #expect(abs(change - foreseen) <= 1e-4 * before, "seed \(seed): \(change), \(foreseen)")
  }

  @Test func threadsNeverChangeThePlacesAndTheWayGetsShorter() {
    let graph = graph(5000, seed: 5)
    let start = shuffled(5000, seed: 6)
    let schedule = Annealing.Schedule(moves: 400_000, heat: 0.5, window: 8)
    let results = [1, 2, 3].map { threads in
      TiledAnnealing.places(
        graph.adjacency, mesh, start, schedule, seed: 7, threads: threads, stop: { false })
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    #expect(Set(results[0]).count == start.count)
    let before = MeshState(graph.adjacency, mesh, start).hops()
    #expect(MeshState(graph.adjacency, mesh, results[0]).hops() < 0.8 * before)
  }

  @Test func aStopLeavesTheStart() {
    let graph = graph(5000, seed: 8)
    let start = shuffled(5000, seed: 9)
    let schedule = Annealing.Schedule(moves: 400_000, heat: 0.5, window: 8)
    let places = TiledAnnealing.places(
      graph.adjacency, mesh, start, schedule, seed: 7, threads: 2, stop: { true })
    #expect(places == start)
  }
}
