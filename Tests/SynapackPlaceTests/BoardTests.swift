import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackPlace

/// Several equal chips that share a mesh.
@Suite struct BoardTests {
  /// Four by four cores of so few neurons that a small program lies on several.
  private func chip(board: String = "{across: 2, down: 2, crossing: 3}") throws -> Chip {
    try Chip(
      yaml: """
        id: small
        name: Small
        kind: virtual
        mesh: {width: 4, height: 4}
        \(board.isEmpty ? "" : "board: \(board)")
        resources:
          - {name: neurons, scope: core, capacity: 16, demand: neurons, source: test}
        costs:
          E_route: {value: 1.7, source: test}
          E_wire: {value: 3.5, source: test}
          L_route: {value: 2.1, source: test}
          L_wire: {value: 5.3, source: test}
        """)
  }

  /// The least hops from every core to every other, relaxed over single steps.
  private func leastHops(across: Int, down: Int, chipX: Int, chipY: Int, crossing: Int) -> [[Int]] {
    let cells = across * down
    var least = [[Int]](repeating: [Int](repeating: 1 << 20, count: cells), count: cells)
    for cell in 0..<cells {
      let (y, x) = (cell / across, cell % across)
      least[cell][cell] = 0
      if x + 1 < across {
        let hops = (x + 1).isMultiple(of: chipX) ? 1 + crossing : 1
        (least[cell][cell + 1], least[cell + 1][cell]) = (hops, hops)
      }
      if y + 1 < down {
        let hops = (y + 1).isMultiple(of: chipY) ? 1 + crossing : 1
        (least[cell][cell + across], least[cell + across][cell]) = (hops, hops)
      }
    }
    for over in 0..<cells {
      for from in 0..<cells {
        for to in 0..<cells {
          least[from][to] = min(least[from][to], least[from][over] + least[over][to])
        }
      }
    }
    return least
  }

  @Test func hopsAreTheShortestWaysOverTheBoard() throws {
    for (board, chipX, chipY, crossing) in [
      ("{across: 2, down: 2, crossing: 3}", 2, 2, 3),
      ("{across: 4, down: 1, crossing: 1}", 1, 4, 1),
      ("{across: 1, down: 2, crossing: 1024}", 4, 2, 1024), ("", 4, 4, 0),
      ("{across: 1, down: 1, crossing: 9}", 4, 4, 9),
      ("{across: 2, down: 2, crossing: 0}", 2, 2, 0),
    ] {
      let geometry = try chip(board: board).geometry
      let least = leastHops(across: 4, down: 4, chipX: chipX, chipY: chipY, crossing: crossing)
      for from in 0..<16 {
        for to in 0..<16 {
          #expect(geometry.distance(from, to) == least[from][to], "\(board): \(from) to \(to)")
        }
      }
    }
  }

  /// Σ weight · hops of the best of all arrangements.
  private func fewestHops(_ routes: [Route], cores: Int, _ least: [[Int]]) -> Double {
    var best = Double.infinity
    var cells: [Int] = []
    func extend(_ hops: Double) {
      guard hops < best else { return }
      guard cells.count < cores else {
        best = hops
        return
      }
      // A board looks the same from its four corners: the first lies on one chip.
      let free = cells.isEmpty ? [0, 1, 4, 5] : Array(least.indices)
      for cell in free where !cells.contains(cell) {
        cells.append(cell)
        let last = cells.count - 1
        var more = 0.0
        for route in routes {
          for target in route.destinations where max(route.core, target) == last {
            more += route.weight * Double(least[cells[route.core]][cells[target]])
          }
        }
        extend(hops + more)
        cells.removeLast()
      }
    }
    extend(0)
    return best
  }

  @Test(arguments: [UInt64](1...20))
  func fewClustersOnABoardAreAtTheOptimum(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let crossing = Int.random(in: 0...4, using: &random)
    let mesh = MeshGeometry(rows: 4, columns: 4, chipRows: 2, chipColumns: 2, crossing: crossing)
    let count = Int.random(in: 2...5, using: &random)
    let graph = randomGraph(count, links: 3 * count, using: &random)
    var routes: [Route] = []
    for source in 0..<count {
      for link in graph.links[graph.offsets[source]..<graph.offsets[source + 1]] {
        routes.append(
          Route(
            population: 0, core: source, destinations: [Int(link.cluster)], neurons: 1,
            weight: Double(link.weight)))
      }
    }
    let least = leastHops(across: 4, down: 4, chipX: 2, chipY: 2, crossing: crossing)
    let best = fewestHops(routes, cores: count, least)
    let found = try MeshPlacer.place(graph, on: mesh, .loihi)
    #expect(abs(found.cost.hops - best) <= 1e-4 * max(1, best), "seed \(seed): \(found.cost.hops)")
  }

  @Test func aPlacementCountsItsCrossingsAndTheCheckAgrees() throws {
    // It takes more cores than the four of one chip.
    let program = try convolutionProgram(channels: 2, side: 6, bits: 8)
    let board = try chip()
    let placement = try Placer.place(program, on: board, rates: [1, 1, 0])
    #expect(PlacementCheck.findings(program, placement, board).isEmpty)
    #expect(placement.usage.count > 4)
    let least = leastHops(across: 4, down: 4, chipX: 2, chipY: 2, crossing: 3)
    var energy = 0.0
    for route in placement.routes {
      for target in route.destinations {
        let hops = Double(least[route.core][target])
        energy += route.weight * ((hops + 1) * 1.7 + hops * 3.5)
      }
    }
    let told = try #require(placement.cost.energy)
    #expect(abs(told - energy) < 1e-6 * energy)
    #expect(try #require(placement.cost.lowerBound) <= told)
    // The same places cost less where nothing is crossed, and the check says so.
    let whole = try chip(board: "")
    #expect(!PlacementCheck.findings(program, placement, whole).isEmpty)
    #expect(try Placer.place(program, on: whole, rates: [1, 1, 0]).cost.energy ?? told < told)
  }

  @Test func oneChipOnABoardIsAMeshAlone() throws {
    let program = try convolutionProgram(channels: 2, side: 6, bits: 8)
    let alone = try Placer.place(program, on: try chip(board: ""), rates: [1, 1, 0])
    for board in ["{across: 1, down: 1, crossing: 7}", "{across: 2, down: 2, crossing: 0}"] {
      #expect(try Placer.place(program, on: try chip(board: board), rates: [1, 1, 0]) == alone)
    }
  }

  @Test func wrongBoardsAreRefused() throws {
    for (board, part) in [
      ("{across: 3, down: 2, crossing: 1}", "does not divide the 4 columns"),
      ("{across: 2, down: 8, crossing: 1}", "does not divide the 4 rows"),
      ("{across: 0, down: 1, crossing: 1}", "`across`"), ("{down: 1, crossing: 1}", "`across`"),
      ("{across: 2, down: 2, crossing: -1}", "`crossing`"),
      ("{across: 2, down: 2, crossing: 1025}", "`crossing`"), ("3", "`board` is no mapping"),
      ("{across: 2, down: 2, crossing: 1, chips: 4}", "has no key `chips`"),
    ] {
      let error = try #require(throws: PackError.self, "\(board)") { try chip(board: board) }
      #expect(error.code == .malformedChip && error.message.contains(part), "\(error.message)")
    }
  }
}
