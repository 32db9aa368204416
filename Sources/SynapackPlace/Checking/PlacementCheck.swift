public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Holds a placement against its program and chip by visiting every single synapse.
///
/// Cores, routes, layers and the whole program are counted and compared without the placer's code,
/// so that a mistake there cannot hide here. The work grows with the synapses: millions take
/// seconds.
public enum PlacementCheck {
  /// What is wrong, nothing where all is well: `SYN0504` for what the chip does not carry and a limit
  /// that is passed, `SYN0505` for a neuron without a core or with two, a route that is missing or
  /// wrong, and a stored amount or cost that is not the real one.
  public static func findings(
    _ program: SpikingProgram, _ placement: Placement, _ chip: Chip
  ) -> [Finding] {
    if let difference = difference(program, placement, chip) { return [malformed(difference)] }
    guard Census.work(of: program) <= largestWork else {
      return [malformed("the program has more synapses than the check can visit")]
    }
    var census = Census(program, chip)
    var findings = census.settle(placement.slices)
    guard findings.isEmpty else { return findings }
    census.visitSynapses()
    let limits = LimitCheck(program, chip, census, cores: placement.usage.count)
    findings += amounts(census, limits.layers, placement, chip)
    findings += CarriedCheck.findings(program, chip) + limits.findings
    findings += kinds(census, program, placement, chip) + unpublished(chip)
    let routes = census.routes(placement.rates)
    findings += compare(routes, placement.routes)
    if !findings.contains(where: { $0.severity == .error }) { findings += costs(placement, chip) }
    return findings
  }

  /// How the chip or the program that a placement was made for differs from those at hand; `nil` where
  /// it does not.
  private static func difference(
    _ program: SpikingProgram, _ placement: Placement, _ chip: Chip
  ) -> String? {
    guard placement.chip == chip.id else {
      return "the placement was made for the chip `\(placement.chip)`, not for `\(chip.id)`"
    }
    guard placement.mesh == chip.mesh else {
      return
        "the placement was made for a mesh of \(placement.mesh.x)×\(placement.mesh.y) cores, and "
        + "`\(chip.id)` has \(chip.mesh.x)×\(chip.mesh.y)"
    }
    let resources = chip.coreResources.map(\.name)
    guard placement.resources == resources else {
      func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", ")
      }
      return
        "the placement counts the resources \(list(placement.resources)), and `\(chip.id)` has "
        + list(resources)
    }
    guard placement.rates.count == program.populations.count else {
      return "the placement is of a program with \(placement.rates.count) layers, and this one has "
        + "\(program.populations.count)"
    }
    return nil
  }

  /// The most synapses that are visited, so that a hostile program cannot hold up who checks it.
  private static let largestWork = 1 << 34

  private static func malformed(_ message: String) -> Finding {
    Finding(.malformedPlacement, .error, message)
  }

  private static func amounts(
    _ census: Census, _ counted: [LayerCensus], _ placement: Placement, _ chip: Chip
  ) -> [Finding] {
    var findings: [Finding] = []
    let used = census.counts.indices.filter { census.counts[$0].neurons > 0 }
    guard placement.usage.map(\.core) == used else {
      return [malformed("the cores in use are not those that are listed")]
    }
    for usage in placement.usage {
      let kind = chip.kind(ofCore: usage.core)
      for (index, resource) in chip.coreResources.enumerated() {
        let layers = resource.scope == .layer ? census.populations(on: usage.core) : []
        let demands = layers.map { try? resource.demand.amount(counted[$0]) }
        let whole =
          resource.scope == .layer
          ? demands.reduce(0) { sum, one in sum.flatMap { sum in one.map { sum + $0 } } }
          : try? resource.demand.value(census.counts[usage.core])
        guard let real = whole else {
          findings.append(malformed("the demand of \(resource.name) has no value"))
          continue
        }
        let stored = usage.amounts.indices.contains(index) ? usage.amounts[index] : -1
        if stored != real {
          findings.append(
            malformed("core \(usage.core) takes \(real) of \(resource.name), not \(stored)"))
        }
        if let capacity = chip.capacity(of: resource, in: kind), real > capacity {
          findings.append(
            Finding(
              .limitExceeded, .error,
              "core \(usage.core) takes \(real) of \(resource.name) and has \(capacity)"))
        }
      }
    }
    return findings
  }

  /// Cores that take only dense layers or only convolutions, and chips that take whole layers.
  private static func kinds(
    _ census: Census, _ program: SpikingProgram, _ placement: Placement, _ chip: Chip
  ) -> [Finding] {
    var findings: [Finding] = []
    func add(_ text: String) { findings.append(Finding(.limitExceeded, .error, text)) }
    for core in placement.usage.map(\.core) {
      let layers = census.populations(on: core)
      let accepted = chip.kind(ofCore: core)?.accepts ?? []
      for layer in layers where !accepted.isEmpty {
        let isConvolution = program.connections.contains { connection in
          guard connection.target == layer, case .convolution = connection.synapses else {
            return false
          }
          return true
        }
        guard !accepted.contains(isConvolution ? .convolution : .dense) else { continue }
        add("core \(core) does not take layers such as `\(program.populations[layer].name)`")
      }
      if chip.takes == .layers, layers.count > 1 {
        add("core \(core) holds \(layers.count) layers")
      }
    }
    if chip.takes == .layers {
      for (layer, population) in program.populations.enumerated() {
        let slices = placement.slices.count { $0.population == layer }
        if slices > 1 { add("layer `\(population.name)` lies on \(slices) cores") }
      }
    }
    return findings
  }

  /// A number that nobody published is told, not guessed.
  private static func unpublished(_ chip: Chip) -> [Finding] {
    chip.coreResources.filter { resource in
      chip.kinds.contains { chip.capacity(of: resource, in: $0) == nil }
    }.map {
      Finding(
        .missingNumber, .warning,
        "how much \($0.name) a core has is unpublished, so that it was not checked")
    }
  }

  private static func compare(_ real: [Route], _ stored: [Route]) -> [Finding] {
    guard real.count == stored.count else {
      return [malformed("\(stored.count) routes are stored and \(real.count) are needed")]
    }
    for (real, stored) in zip(real, stored) {
      guard real.population == stored.population, real.core == stored.core,
        real.destinations == stored.destinations, real.neurons == stored.neurons,
        isClose(real.weight, stored.weight)
      else {
        return [
          malformed(
            "\(real.neurons) neurons of population \(real.population) on core \(real.core) must "
              + "reach \(real.destinations)")
        ]
      }
    }
    return []
  }

  private static func isClose(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))
  }

  // MARK: - Cost, from its definition

  private static func costs(_ placement: Placement, _ chip: Chip) -> [Finding] {
    let real = cost(placement.routes, chip)
    let stored = placement.cost
    let pairs: [(String, Double?, Double?)] = [
      ("energy", real.energy, stored.energy),
      ("average latency", real.averageLatency, stored.averageLatency),
      ("maximum latency", real.maxLatency, stored.maxLatency),
      ("average congestion", real.averageCongestion, stored.averageCongestion),
      ("maximum congestion", real.maxCongestion, stored.maxCongestion),
      ("connectivity", real.connectivity, stored.connectivity),
    ]
    var findings: [Finding] = []
    for (name, real, stored) in pairs where !isClose(real, stored) {
      findings.append(
        malformed(
          "the \(name) is \(real?.description ?? "none"), not "
            + "\(stored?.description ?? "none")"))
    }
    return findings + [BoundCheck.finding(placement, chip)].compactMap(\.self)
  }

  private static func cost(_ routes: [Route], _ chip: Chip) -> PlacementCost {
    let width = chip.mesh.x
    // Cores of one chip, across and down, and what leaving it counts.
    let (chipX, chipY) = (
      width / (chip.board?.chips.x ?? 1), chip.mesh.y / (chip.board?.chips.y ?? 1)
    )
    let crossing = chip.board.map { $0.crossing } ?? 0
    var isUnpublished = false
    var energy = 0.0
    var latency = 0.0
    var longest = 0.0
    var events = 0.0
    var connectivity = 0.0
    var passing = [Double](repeating: 0, count: chip.cores)
    for route in routes {
      for target in route.destinations {
        let (y, x) = (route.core / width, route.core % width)
        let (toY, toX) = (target / width, target % width)
        let crossings = abs(toY / chipY - y / chipY) + abs(toX / chipX - x / chipX)
        if crossing == nil, crossings > 0 { isUnpublished = true }
        let hops = Double(abs(toY - y) + abs(toX - x) + (crossing ?? 0) * crossings)
        energy +=
          route.weight
          * ((hops + 1) * (chip.costs.energyRoute?.value ?? 0)
            + hops * (chip.costs.energyWire?.value ?? 0))
        let one =
          (hops + 1) * (chip.costs.latencyRoute?.value ?? 0)
          + hops * (chip.costs.latencyWire?.value ?? 0)
        latency += route.weight * one
        longest = max(longest, one)
        events += route.weight
        connectivity += target == route.core ? 0 : route.weight
        walk(from: (y, x), to: (toY, toX), route.weight, width, &passing)
      }
    }
    let known = isUnpublished ? Chip.Costs() : chip.costs
    let hasEnergy = known.energyRoute != nil && known.energyWire != nil
    let hasLatency = known.latencyRoute != nil && known.latencyWire != nil
    return PlacementCost(
      energy: hasEnergy ? energy : nil,
      averageLatency: hasLatency ? (events > 0 ? latency / events : 0) : nil,
      maxLatency: hasLatency ? longest : nil,
      averageCongestion: passing.reduce(0, +) / Double(chip.cores),
      maxCongestion: passing.max() ?? 0, connectivity: connectivity, lowerBound: nil)
  }

  /// Lets events walk step by step, wavefront by wavefront, half along each axis that is left.
  private static func walk(
    from: (y: Int, x: Int), to: (y: Int, x: Int), _ weight: Double, _ width: Int,
    _ passing: inout [Double]
  ) {
    var front = [from.y * width + from.x: weight]
    while !front.isEmpty {
      var next: [Int: Double] = [:]
      // Each cell's share is added on its own, so the order of the dictionary does not matter
      // beyond rounding, which the comparison allows for.
      for (cell, share) in front {
        passing[cell] += share
        let (y, x) = (cell / width, cell % width)
        let stepY = (to.y - y).signum()
        let stepX = (to.x - x).signum()
        let ways = abs(stepY) + abs(stepX)
        if stepY != 0 { next[cell + stepY * width, default: 0] += share / Double(ways) }
        if stepX != 0 { next[cell + stepX, default: 0] += share / Double(ways) }
      }
      front = next
    }
  }
}
