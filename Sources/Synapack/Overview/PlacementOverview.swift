internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A stored placement in a size that does not grow with the chip.
struct PlacementOverview {
  let placement: Placement
  let program: SpikingProgram
  /// The chip with its limits, where they are known.
  let chip: Chip?

  var json: JSON {
    let cost = placement.cost
    func optional(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    return [
      "chip": .string(placement.chip), "isKnown": .bool(chip != nil),
      "coresUsed": .integer(placement.usage.count),
      "coresInAll": .integer(placement.mesh.y * placement.mesh.x),
      "eventsBetweenChips": between,
      "resources": .array(ResourceUse.all(placement, on: chip).map(\.json)),
      "energy": optional(cost.energy), "lowerBound": optional(cost.lowerBound),
      "gap": optional(cost.gap), "averageLatency": optional(cost.averageLatency),
      "maxLatency": optional(cost.maxLatency),
      "averageCongestion": .number(cost.averageCongestion),
      "maxCongestion": .number(cost.maxCongestion), "connectivity": .number(cost.connectivity),
      "layers": layers, "map": CoreMap(placement, program, on: chip?.geometry).json,
    ]
  }

  private var between: JSON {
    guard let board = chip?.board, board.hasSeveral else { return .null }
    return .number(placement.eventsBetweenChips(of: board))
  }

  private var layers: JSON {
    var cores: [Set<Int>] = Array(repeating: [], count: program.populations.count)
    for slice in placement.slices { cores[slice.population].insert(slice.core) }
    return .array(
      program.populations.enumerated().map { index, population in
        let rate = placement.rates.indices.contains(index) ? placement.rates[index] : 0
        return [
          "name": .string(population.name), "cores": .integer(cores[index].count),
          "events": .number(rate * Double(population.shape.count)),
        ]
      })
  }
}
