import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackPlace

@Suite struct CostTests {
  private func chip() throws -> Chip { try PlacerTests.chip(width: 3, height: 3) }

  @Test func oneEventAcrossASquareCostsWhatTheFormulaSays() throws {
    let route = Route(population: 0, core: 0, destinations: [0, 4], neurons: 1, weight: 2)
    let cost = CostModel.cost(
      of: [route], on: MeshGeometry(rows: 3, columns: 3), try chip().costs, shortest: 2)
    // To itself: one router. To core 4: two hops, three routers.
    #expect(abs((cost.energy ?? 0) - 2 * (1.7 + 3 * 1.7 + 2 * 3.5)) < 1e-9)
    #expect(abs((cost.averageLatency ?? 0) - (2.1 + 3 * 2.1 + 2 * 5.3) / 2) < 1e-9)
    #expect(abs((cost.maxLatency ?? 0) - (3 * 2.1 + 2 * 5.3)) < 1e-9)
    #expect(cost.connectivity == 2)
    // Core 0 is passed by both, cores 1 and 3 by half of one each, core 4 by one: 2 · (2 + 1 + 1).
    #expect(abs(cost.averageCongestion - 2 * 4.0 / 9) < 1e-9)
    #expect(cost.maxCongestion == 4)
  }

  /// Every shortest way of every delivery walked on its own: (right, down) steps are taken with
  /// probability 1/2 each while both are left.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func congestionIsThatOfAllWays(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let mesh = MeshGeometry(
      rows: Int.random(in: 1...4, using: &random), columns: Int.random(in: 1...5, using: &random))
    let routes = (0..<6).map { _ in
      Route(
        population: 0, core: Int.random(in: 0..<mesh.cells, using: &random),
        destinations: Set(
          (0..<3).map { _ in Int.random(in: 0..<mesh.cells, using: &random) }
        ).sorted(),
        neurons: 1, weight: Double.random(in: 0...4, using: &random))
    }
    var load = [Double](repeating: 0, count: mesh.cells)
    func walk(_ y: Int, _ x: Int, _ target: (y: Int, x: Int), _ weight: Double) {
      load[y * mesh.columns + x] += weight
      let share = y == target.y || x == target.x ? weight : weight / 2
      if y != target.y { walk(y + (target.y - y).signum(), x, target, share) }
      if x != target.x { walk(y, x + (target.x - x).signum(), target, share) }
    }
    for route in routes {
      for destination in route.destinations {
        walk(
          route.core / mesh.columns, route.core % mesh.columns,
          (destination / mesh.columns, destination % mesh.columns), route.weight)
      }
    }
    let found = Congestion.load(of: routes, on: mesh)
    for (left, right) in zip(found, load) { #expect(abs(left - right) < 1e-9, "seed \(seed)") }
    let cost = CostModel.cost(of: routes, on: mesh, try chip().costs, shortest: 0)
    #expect(abs(cost.maxCongestion - (load.max() ?? 0)) < 1e-9, "seed \(seed)")
  }

  @Test func theLastRowAndColumnCount() throws {
    let route = Route(population: 0, core: 8, destinations: [8], neurons: 1, weight: 5)
    let cost = CostModel.cost(
      of: [route], on: MeshGeometry(rows: 3, columns: 3), try chip().costs, shortest: 0)
    #expect(cost.maxCongestion == 5)
  }
}
