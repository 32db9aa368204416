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

  @Test func theLastRowAndColumnCount() throws {
    let route = Route(population: 0, core: 8, destinations: [8], neurons: 1, weight: 5)
    let cost = CostModel.cost(
      of: [route], on: MeshGeometry(rows: 3, columns: 3), try chip().costs, shortest: 0)
    #expect(cost.maxCongestion == 5)
  }
}
