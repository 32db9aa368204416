import SynapackSupport
import Testing

@testable import SynapackPlace

/// The cost against one that walks every way step by step and knows no formula.
@Suite struct MeshCostTests {
  private struct Walked {
    var energy = 0.0
    var latency = 0.0
    var longest = 0.0
    var deliveries = 0.0
    var connectivity = 0.0
    var passing: [Double]
    /// Events over each wire, by the cells at its two ends.
    var wires: [[Int]: Double] = [:]
  }

  /// Routers and wires are paid one after another on the way along the row, then the column.
  private func walk(
    _ graph: ClusterGraph, _ places: [Int32], _ mesh: MeshGeometry, _ constants: MeshConstants
  ) -> Walked {
    var walked = Walked(passing: Array(repeating: 0, count: mesh.cells))
    func deliver(_ weight: Double, from: Int, to: Int) {
      var (y, x) = (from / mesh.columns, from % mesh.columns)
      let (toY, toX) = (to / mesh.columns, to % mesh.columns)
      var energy = constants.energyRoute
      var latency = constants.latencyRoute
      while (y, x) != (toY, toX) {
        let here = y * mesh.columns + x
        if x != toX { x += x < toX ? 1 : -1 } else { y += y < toY ? 1 : -1 }
        energy += constants.energyWire + constants.energyRoute
        latency += constants.latencyWire + constants.latencyRoute
        walked.wires[[here, y * mesh.columns + x], default: 0] += weight
      }
      walked.energy += weight * energy
      walked.latency += weight * latency
      walked.longest = max(walked.longest, latency)
      walked.deliveries += weight
      if from != to { walked.connectivity += weight }
      wander(weight, from, to, mesh, &walked.passing)
    }
    for source in 0..<graph.count {
      for link in graph.links[graph.offsets[source]..<graph.offsets[source + 1]] {
        deliver(
          Double(link.weight), from: Int(places[source]), to: Int(places[Int(link.cluster)]))
      }
      let own = graph.localDeliveries[source]
      if own > 0 { deliver(own, from: Int(places[source]), to: Int(places[source])) }
    }
    return walked
  }

  /// Every shortest way, half of the events along each axis that is left.
  private func wander(
    _ weight: Double, _ from: Int, _ to: Int, _ mesh: MeshGeometry, _ passing: inout [Double]
  ) {
    passing[from] += weight
    let (y, x) = (from / mesh.columns, from % mesh.columns)
    let (toY, toX) = (to / mesh.columns, to % mesh.columns)
    var next: [Int] = []
    if y != toY { next.append(from + (y < toY ? mesh.columns : -mesh.columns)) }
    if x != toX { next.append(from + (x < toX ? 1 : -1)) }
    for cell in next { wander(weight / Double(next.count), cell, to, mesh, &passing) }
  }

  @Test(arguments: [UInt64](1...60))
  func theCostIsThatOfEveryWayWalked(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let mesh = MeshGeometry(
      rows: Int.random(in: 1...5, using: &random), columns: Int.random(in: 1...5, using: &random))
    let count = Int.random(in: 1...mesh.cells, using: &random)
    let graph = randomGraph(count, links: 3 * count, using: &random)
    let places = randomPlaces(count, mesh, using: &random)
    let constants = MeshConstants.loihi
    let cost = MeshCost(of: graph, at: places, on: mesh, constants)
    let walked = walk(graph, places, mesh, constants)
    func same(_ left: Double, _ right: Double) -> Bool {
      abs(left - right) <= 1e-9 * max(1, abs(left))
    }
    #expect(same(cost.energy, walked.energy), "seed \(seed)")
    #expect(same(cost.averageLatency * max(1, walked.deliveries), walked.latency), "seed \(seed)")
    #expect(same(cost.maxLatency, walked.longest), "seed \(seed)")
    #expect(same(cost.connectivity, walked.connectivity), "seed \(seed)")
    #expect(same(cost.maxCongestion, walked.passing.max() ?? 0), "seed \(seed)")
    #expect(
      same(cost.averageCongestion, walked.passing.reduce(0, +) / Double(mesh.cells)),
      "seed \(seed)")
    #expect(same(cost.maxLinkLoad, walked.wires.values.max() ?? 0), "seed \(seed)")
    let state = MeshState(graph.adjacency, mesh, places)
    #expect(same(state.hops(), cost.hops), "seed \(seed)")
  }

  @Test func aBoardCountsItsSeams() {
    let board = MeshGeometry(rows: 4, columns: 6, chipRows: 2, chipColumns: 3, crossing: 5)
    #expect(board.distance(0, 2) == 2)
    #expect(board.distance(2, 3) == 6)
    #expect(board.distance(0, 23) == 8 + 10)
    for from in 0..<board.cells {
      for to in 0..<board.cells {
        let length = MeshState.length(board.positions[from] - board.positions[to])
        #expect(Int(length) == board.distance(from, to))
      }
    }
  }
}
