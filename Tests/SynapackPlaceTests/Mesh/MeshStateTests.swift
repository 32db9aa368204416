import SynapackSupport
import Testing

@testable import SynapackPlace

@Suite struct MeshStateTests {
  @Test(arguments: [UInt64](1...40))
  func theChangeOfAMoveIsExact(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let mesh = MeshGeometry(
      rows: 4, columns: 6, chipRows: 2, chipColumns: 3,
      crossing: Int.random(in: 0...2, using: &random))
    let count = Int.random(in: 2...24, using: &random)
    let graph = randomGraph(count, links: 4 * count, using: &random)
    var state = MeshState(graph.adjacency, mesh, randomPlaces(count, mesh, using: &random))
    for _ in 0..<50 {
      let cluster = Int.random(in: 0..<count, using: &random)
      let cell = Int.random(in: 0..<mesh.cells, using: &random)
      guard cell != Int(state.places[cluster]) else { continue }
      let before = state.hops()
      let change = state.change(moving: cluster, to: cell)
      state.move(cluster, to: cell)
      #expect(Double(change) == state.hops() - before, "seed \(seed)")
      for (cluster, cell) in state.places.enumerated() {
        #expect(state.tenants[Int(cell)] == Int32(cluster))
        #expect(state.positions[cluster] == state.cellPositions[Int(cell)])
      }
    }
    #expect(state.tenants.count { $0 >= 0 } == count)
  }

  @Test func annealingLeavesNothingWorse() {
    var random = SeededGenerator(seed: 5)
    let mesh = MeshGeometry(rows: 5, columns: 5)
    for heat: Float in [0, 0.5, 9] {
      let graph = randomGraph(20, links: 60, using: &random)
      var state = MeshState(graph.adjacency, mesh, randomPlaces(20, mesh, using: &random))
      let before = state.hops()
      var annealing = Annealing(.init(moves: 20_000, heat: heat, window: nil), seed: 3)
      annealing.run(&state) { _ in false }
      #expect(state.hops() <= before)
      #expect(Set(state.places).count == 20)
    }
  }
}
