internal import SynapackPlace
internal import SynapackSupport
internal import SynapackTensor

/// A placement as JSON; ranges are `[first, end)`.
enum PlacementJSON {
  static func value(_ placement: Placement) -> JSON {
    [
      "chip": .string(placement.chip),
      "mesh": ["width": .integer(placement.mesh.x), "height": .integer(placement.mesh.y)],
      "rates": .array(placement.rates.map(JSON.number)),
      "slices": .array(placement.slices.map(slice)),
      "routes": .array(placement.routes.map(route)),
      "usage": .array(placement.usage.map { usage($0, placement.resources) }),
      "cost": cost(placement.cost),
    ]
  }

  private static func slice(_ slice: Slice) -> JSON {
    func range(_ range: Range<Int>) -> JSON {
      .array([.integer(range.lowerBound), .integer(range.upperBound)])
    }
    return [
      "population": .integer(slice.population), "core": .integer(slice.core),
      "channels": range(slice.channels), "rows": range(slice.rows),
      "columns": range(slice.columns),
    ]
  }

  private static func route(_ route: Route) -> JSON {
    [
      "population": .integer(route.population), "core": .integer(route.core),
      "destinations": .array(route.destinations.map(JSON.integer)),
      "neurons": .integer(route.neurons), "weight": .number(route.weight),
    ]
  }

  private static func usage(_ usage: CoreUsage, _ resources: [String]) -> JSON {
    let amounts = zip(resources, usage.amounts).map { name, amount in
      JSON.object(["resource": .string(name), "amount": .integer(amount)])
    }
    return ["core": .integer(usage.core), "resources": .array(amounts)]
  }

  private static func cost(_ cost: PlacementCost) -> JSON {
    func optional(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    return [
      "energy": optional(cost.energy), "averageLatency": optional(cost.averageLatency),
      "maxLatency": optional(cost.maxLatency), "lowerBound": optional(cost.lowerBound),
      "gap": optional(cost.gap), "averageCongestion": .number(cost.averageCongestion),
      "maxCongestion": .number(cost.maxCongestion), "connectivity": .number(cost.connectivity),
    ]
  }
}
