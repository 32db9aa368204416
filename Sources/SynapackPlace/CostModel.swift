/// The cost of routes on a mesh; the formulas stand at ``PlacementCost``.
enum CostModel {
  /// Σ weight · distance.
  static func hops(of routes: [Route], on mesh: MeshGeometry) -> Double {
    var hops = 0.0
    for route in routes {
      for destination in route.destinations {
        hops += route.weight * Double(mesh.distance(route.core, destination))
      }
    }
    return hops
  }

  /// - Parameter shortest: the least Σ weight · distance that any arrangement could have; that of
  ///   these routes where it is larger, as it is for an arrangement that is proved to be best.
  static func cost(
    of routes: [Route], on mesh: MeshGeometry, _ costs: Chip.Costs, shortest: Double
  ) -> PlacementCost {
    let hops = hops(of: routes, on: mesh)
    var deliveries = 0.0
    var longest: Int?
    var connectivity = 0.0
    let load = Congestion.load(of: routes, on: mesh)
    for route in routes {
      for destination in route.destinations {
        let distance = mesh.distance(route.core, destination)
        deliveries += route.weight
        longest = max(longest ?? 0, distance)
      }
      let others = route.destinations.count { $0 != route.core }
      connectivity += route.weight * Double(others)
    }
    func total(_ length: Double, _ route: Double, _ wire: Double) -> Double {
      (length + deliveries) * route + length * wire
    }
    var cost = PlacementCost(
      energy: nil, averageLatency: nil, maxLatency: nil,
      averageCongestion: load.reduce(0, +) / Double(max(1, load.count)),
      maxCongestion: load.max() ?? 0, connectivity: connectivity, lowerBound: nil)
    if let route = costs.energyRoute?.value, let wire = costs.energyWire?.value {
      cost.energy = total(hops, route, wire)
      cost.lowerBound = total(min(shortest, hops), route, wire)
    }
    if let route = costs.latencyRoute?.value, let wire = costs.latencyWire?.value {
      cost.averageLatency = deliveries > 0 ? total(hops, route, wire) / deliveries : 0
      cost.maxLatency = longest.map { Double($0 + 1) * route + Double($0) * wire } ?? 0
    }
    return cost
  }
}
