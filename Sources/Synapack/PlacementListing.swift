internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A placement as lines for people and as the document `synapack.place/1`.
struct PlacementListing {
  let placement: Placement
  let program: SpikingProgram
  let chip: Chip

  init(_ placement: Placement, _ program: SpikingProgram, _ chip: Chip) {
    self.placement = placement
    self.program = program
    self.chip = chip
  }

  /// The resource of which some core uses the largest share.
  private var scarcest: (name: String, amount: Int, capacity: Int, core: Int)? {
    for use in ResourceUse.all(placement, on: chip) {
      if let capacity = use.capacity { return (use.name, use.amount, capacity, use.core) }
    }
    return nil
  }

  var lines: [String] {
    var lines = ["\(chip.id): \(placement.usage.count) of \(chip.cores) cores"]
    if let scarcest {
      let share = 100 * scarcest.amount / max(1, scarcest.capacity)
      lines.append(
        "  scarcest: \(scarcest.name), \(scarcest.amount) of \(scarcest.capacity) (\(share) %) on "
          + "core \(scarcest.core)")
    }
    if let chips {
      lines.append(
        "  \(chips.used) of \(chips.across * chips.down) chips; "
          + "\(SignificantDigits.rounded(chips.events, 5)) events of an inference go from chip to chip"
      )
      if chips.events > 0, placement.cost.energy == nil, chip.costs.energyRoute != nil {
        lines.append("  energy of an inference: none, as nobody published what a crossing takes")
      }
    }
    let hops = SignificantDigits.rounded(placement.hops(on: chip), 5)
    lines.append("  ways of an inference's events: \(hops) events × hops")
    if let energy = placement.cost.energy {
      let gap = placement.cost.gap.flatMap { Int(exactly: ($0 * 100).rounded(.up)) }.map {
        ", at most \($0) % above the least of any places for these cores"
      }
      lines.append("  energy of an inference: \(energy)\(gap ?? "")")
    }
    return lines
  }

  /// The chips of a board; `nil` where all of the mesh is one chip.
  private var chips: (across: Int, down: Int, used: Int, events: Double)? {
    guard let board = chip.board, board.hasSeveral else { return nil }
    return (
      board.chips.x, board.chips.y,
      Set(placement.usage.map { board.chip(ofCore: $0.core, mesh: chip.mesh) }).count,
      placement.eventsBetweenChips(of: board)
    )
  }

  /// - Parameters:
  ///   - seconds: how long it took to place the program.
  ///   - isComplete: whether the search came to its end.
  func document(seconds: Double, isComplete: Bool) -> JSON {
    let cost = placement.cost
    let slices = Dictionary(grouping: placement.slices, by: \.core)
    func optional(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    return [
      "schema": "synapack.place/1", "chip": .string(chip.id), "status": "placed",
      "coresUsed": .integer(placement.usage.count), "coresInAll": .integer(chip.cores),
      "cores": .array(placement.usage.map { core($0, slices[$0.core] ?? []) }),
      "scarcest": scarcest.map { scarcest in
        [
          "resource": .string(scarcest.name), "amount": .integer(scarcest.amount),
          "capacity": .integer(scarcest.capacity), "core": .integer(scarcest.core),
        ]
      } ?? .null,
      "chips": chips.map { chips in
        [
          "across": .integer(chips.across), "down": .integer(chips.down),
          "used": .integer(chips.used), "eventsBetween": .number(chips.events),
        ]
      } ?? .null,
      "energy": optional(cost.energy), "averageLatency": optional(cost.averageLatency),
      "maxLatency": optional(cost.maxLatency),
      "averageCongestion": .number(cost.averageCongestion),
      "maxCongestion": .number(cost.maxCongestion), "connectivity": .number(cost.connectivity),
      "lowerBound": optional(cost.lowerBound), "gap": optional(cost.gap),
      "hops": .number(placement.hops(on: chip)), "isComplete": .bool(isComplete),
      "seconds": .number(seconds),
    ]
  }

  private func core(_ usage: CoreUsage, _ slices: [Slice]) -> JSON {
    let kind = chip.kind(ofCore: usage.core)
    let resources = zip(chip.coreResources, usage.amounts).map { resource, amount -> JSON in
      [
        "resource": .string(resource.name), "amount": .integer(amount),
        "capacity": chip.capacity(of: resource, in: kind).map(JSON.integer) ?? .null,
      ]
    }
    let slices = slices.map { slice -> JSON in
      func range(_ range: Range<Int>) -> JSON {
        .array([.integer(range.lowerBound), .integer(range.upperBound)])
      }
      return [
        "layer": .string(program.populations[slice.population].name),
        "channels": range(slice.channels), "rows": range(slice.rows),
        "columns": range(slice.columns),
      ]
    }
    return [
      "core": .integer(usage.core), "kind": kind.map { .string($0.name) } ?? .null,
      "slices": .array(slices), "resources": .array(resources),
    ]
  }
}
