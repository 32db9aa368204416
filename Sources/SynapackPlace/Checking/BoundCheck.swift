internal import SynapackSupport

/// Holds the lower bound that is stored with a placement against what can be proved.
///
/// Unlike the rest of the check it takes the placer's bounds: a statement about all arrangements is
/// proved anew, not counted again, and tests hold those bounds against every arrangement.
enum BoundCheck {
  /// No arrangement of the placement's cores takes less energy than this, as far as bounds and, for
  /// few cores, an exhaustive search can tell; `nil` where no energy is published.
  ///
  /// - Parameter placement: routes between the cores in use only.
  static func proved(_ placement: Placement, _ chip: Chip) -> Double? {
    // Cores of several kinds are not rearranged, so nothing is proved about their order.
    let shortest = chip.kinds.count > 1 ? 0 : shortestHops(placement, chip.geometry)
    return CostModel.cost(
      of: placement.routes, on: chip.geometry, chip.costs(of: placement.routes), shortest: shortest
    ).lowerBound
  }

  /// The traffic between cores is summed in Float32, in an order that follows their numbers.
  private static let tolerance = 1e-6

  /// A bound that claims more than can be proved is wrong; one that claims less is a weaker one.
  static func finding(_ placement: Placement, _ chip: Chip) -> Finding? {
    guard let stored = placement.cost.lowerBound else { return nil }
    guard let proved = proved(placement, chip) else {
      return Finding(
        .malformedPlacement, .error,
        "a lower bound of the energy is stored, and \(chip.id) publishes no energy")
    }
    guard stored > proved * (1 + tolerance) else { return nil }
    return Finding(
      .malformedPlacement, .error,
      "the lower bound of the energy is stored as \(stored), and only \(proved) can be proved")
  }

  private static func shortestHops(_ placement: Placement, _ mesh: MeshGeometry) -> Double {
    var numbers: [Int: Int] = [:]
    for (number, usage) in placement.usage.enumerated() { numbers[usage.core] = number }
    let routes = placement.routes.map { route in
      var route = route
      route.core = numbers[route.core] ?? 0
      route.destinations = route.destinations.compactMap { numbers[$0] }
      return route
    }
    let graph = ClusterGraph(count: numbers.count, routes: routes).adjacency
    if let places = ExactSearch.places(graph, mesh) { return MeshState(graph, mesh, places).hops() }
    return MeshBound.hops(graph, mesh)
  }
}
