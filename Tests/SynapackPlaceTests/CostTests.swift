import SynapackTensor
import Testing

@testable import SynapackPlace

@Suite struct CostTests {
  private func chip() throws -> Chip { try PlacerTests.chip(width: 3, height: 3) }

  @Test func oneEventAcrossASquareCostsWhatTheFormulaSays() throws {
    let route = Route(population: 0, core: 0, destinations: [0, 4], neurons: 1, weight: 2)
    let cost = CostModel.cost(
      of: [route], on: Extent(y: 3, x: 3), try chip().costs, shortest: 2)
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
    let cost = CostModel.cost(of: [route], on: Extent(y: 3, x: 3), try chip().costs, shortest: 0)
    #expect(cost.maxCongestion == 5)
  }

  /// All 9! / 5! arrangements of four cores on nine places.
  @Test func theArrangementIsNoBetterThanTheBestAndTheBoundHolds() throws {
    let mesh = Extent(y: 3, x: 3)
    let routes = [
      Route(population: 0, core: 0, destinations: [1, 2], neurons: 1, weight: 3),
      Route(population: 0, core: 1, destinations: [3], neurons: 1, weight: 1),
      Route(population: 0, core: 2, destinations: [0, 3], neurons: 1, weight: 2),
      Route(population: 0, core: 3, destinations: [3], neurons: 1, weight: 9),
    ]
    let arrangement = Arrangement(cores: 4, routes: routes, mesh: mesh)
    #expect(Set(arrangement.places).count == 4)
    func length(_ places: [Int]) -> Double {
      routes.reduce(0) { total, route in
        route.destinations.reduce(total) {
          $0 + route.weight * Double(CostModel.distance(places[route.core], places[$1], mesh))
        }
      }
    }
    var best = Double.infinity
    for a in 0..<9 {
      for b in 0..<9 where b != a {
        for c in 0..<9 where ![a, b].contains(c) {
          for d in 0..<9 where ![a, b, c].contains(d) { best = min(best, length([a, b, c, d])) }
        }
      }
    }
    #expect(length(arrangement.places) == best)
    #expect(arrangement.shortestLength <= best)
    #expect(arrangement.shortestLength > 0)
  }
}
