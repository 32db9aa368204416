import SynapackSupport
import Testing

@testable import SynapackPlace

@Suite struct MeshPlacerTests {
  /// Every placement of the clusters; the least Σ w·d.
  private func bruteForce(_ graph: ClusterGraph, _ mesh: MeshGeometry) -> Double {
    let weights = (0..<graph.count).map { cluster in
      graph.adjacency.links[graph.adjacency.row(cluster)].filter { $0.cluster < cluster }
    }
    var cells: [Int] = []
    var best = Double.infinity
    func extend(_ hops: Double) {
      guard cells.count < graph.count else {
        best = min(best, hops)
        return
      }
      let row = weights[cells.count]
      for cell in 0..<mesh.cells where !cells.contains(cell) {
        let more = row.reduce(0.0) {
          $0 + Double($1.weight) * Double(mesh.distance(cell, cells[Int($1.cluster)]))
        }
        cells.append(cell)
        extend(hops + more)
        cells.removeLast()
      }
    }
    extend(0)
    return best
  }

  @Test(arguments: [UInt64](1...24))
  func threeByThreeIsPlacedAtTheOptimum(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let mesh =
      seed % 4 == 0
      ? MeshGeometry(rows: 2, columns: 4, chipRows: 2, chipColumns: 2, crossing: 2)
      : MeshGeometry(rows: 3, columns: 3)
    // Nine clusters now and then: brute force tries 9! placements of them.
    let count = seed % 8 == 1 ? mesh.cells : Int.random(in: 1...7, using: &random)
    let graph = randomGraph(count, links: 3 * count, using: &random)
    let placement = try MeshPlacer.place(graph, on: mesh, .loihi)
    #expect(placement.isOptimal && placement.gap == 0)
    #expect(placement.cost.hops == bruteForce(graph, mesh), "seed \(seed)")
    #expect(Set(placement.places).count == count)
  }

  @Test(arguments: [UInt64](1...12))
  func noBoundLiesAboveTheOptimum(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let mesh = MeshGeometry(rows: 3, columns: 3)
    let count = Int.random(in: 3...7, using: &random)
    let graph = randomGraph(count, links: 3 * count, using: &random)
    let best = bruteForce(graph, mesh)
    let rings = MeshBound.rings(graph.adjacency, mesh)
    let assigned = try #require(GilmoreLawler.hops(graph.adjacency, mesh))
    #expect(rings <= best, "seed \(seed)")
    #expect(assigned <= best, "seed \(seed)")
    #expect(assigned >= rings * (1 - 1e-6), "seed \(seed): \(assigned) under \(rings)")
  }

  @Test(arguments: [UInt64](1...30))
  func theAssignmentIsTheLeast(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let rows = Int.random(in: 1...5, using: &random)
    let columns = Int.random(in: rows...6, using: &random)
    let costs = (0..<rows).map { _ in
      (0..<columns).map { _ in Double(Int.random(in: 0...20, using: &random)) }
    }
    func least(_ row: Int, _ taken: Set<Int>) -> Double {
      guard row < rows else { return 0 }
      return (0..<columns).filter { !taken.contains($0) }
        .map { costs[row][$0] + least(row + 1, taken.union([$0])) }.min() ?? .infinity
    }
    #expect(Assignment.least(costs) == least(0, []), "seed \(seed)")
  }

  /// A torn-up grid of 12 × 12 has one best placement, in which every link is one hop.
  @Test func aShuffledGridIsPutTogether() throws {
    var random = SeededGenerator(seed: 1)
    let side = 12
    let names = (0..<side * side).shuffled(using: &random)
    var rows = [[ClusterGraph.Link]](repeating: [], count: side * side)
    for place in 0..<side * side {
      if place % side + 1 < side {
        rows[names[place]].append(.init(cluster: Int32(names[place + 1]), weight: 1))
      }
      if place / side + 1 < side {
        rows[names[place]].append(.init(cluster: Int32(names[place + side]), weight: 1))
      }
    }
    let graph = ClusterGraph(count: side * side) { $1 = rows[$0] }
    let mesh = MeshGeometry(rows: side, columns: side)
    let placement = try MeshPlacer.place(graph, on: mesh, .loihi, options: .init(effort: 1))
    let links = Double(graph.links.count)
    #expect(placement.cost.hops <= 1.25 * links)
    #expect(placement.leastHops <= links)
    let again = try MeshPlacer.place(graph, on: mesh, .loihi, options: .init(effort: 1))
    #expect(again == placement)
  }

  @Test(arguments: [(3, 7, 20), (5, 5, 25), (1, 16, 11), (9, 40, 301), (84, 84, 50)])
  func everyClusterHasACellOfItsOwn(rows: Int, columns: Int, count: Int) throws {
    var random = SeededGenerator(seed: 9)
    let mesh = MeshGeometry(rows: rows, columns: columns)
    let graph = randomGraph(count, links: 3 * count, using: &random)
    let placement = try MeshPlacer.place(graph, on: mesh, .jin, options: .init(effort: 0.05))
    #expect(Set(placement.places).count == count)
    #expect(placement.places.allSatisfy { $0 >= 0 && $0 < mesh.cells })
    #expect(placement.leastHops <= placement.cost.hops)
  }

  @Test func anEndedSearchGivesTheBestSoFar() throws {
    var random = SeededGenerator(seed: 2)
    let mesh = MeshGeometry(rows: 20, columns: 20)
    let graph = randomGraph(400, links: 1600, using: &random)
    for limit in [1, 2, 5, 40] {
      var asked = 0
      var last = Double.infinity
      let placement = try MeshPlacer.place(graph, on: mesh, .loihi, options: .init(effort: 0.1)) {
        let hops = $0.hops ?? .infinity
        #expect(hops.isFinite && hops <= last)
        last = hops
        asked += 1
        return asked < limit
      }
      #expect(Set(placement.places).count == 400)
      #expect(placement.cost.hops <= last * (1 + 1e-6))
    }
  }

  @Test func moreClustersThanCellsAreRefused() throws {
    let graph = ClusterGraph(count: 10) { _, _ in }
    let error = try #require(throws: PackError.self) {
      try MeshPlacer.place(graph, on: MeshGeometry(rows: 3, columns: 3), .loihi)
    }
    #expect(error.code == .doesNotFit && error.message.contains("10"))
    let none = ClusterGraph(count: 0) { _, _ in }
    #expect(try MeshPlacer.place(none, on: MeshGeometry(rows: 8, columns: 8), .loihi).places == [])
  }
}
