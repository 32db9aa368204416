internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Puts the blocks of all populations, feed-forward, on as few cores as come one after another.
struct Packing {
  /// The blocks of each core, in the order in which the cores were opened.
  private(set) var cores: [[Block]] = []
  private let program: SpikingProgram
  private let chip: Chip
  private let shapes: [Shape]
  private let budgets: [(resource: Chip.Resource, capacity: Int)]

  private let form: BlockForm
  private let countsSenders: Bool

  init(_ program: SpikingProgram, _ chip: Chip, _ form: BlockForm = BlockForm()) {
    self.program = program
    self.chip = chip
    self.form = form
    countsSenders = chip.mentions(DemandVariable.senders.rawValue)
    shapes = program.populations.map(\.shape)
    budgets = chip.resources(.core).compactMap { resource in
      chip.largestCapacity(of: resource).map { (resource, $0) }
    }
  }

  /// Fills the cores, more of them than there are where it takes so many; what does not fit is
  /// `SYN0507` for a neuron and `SYN0503` for a layer.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  mutating func fill() throws(PackError) -> Certificate.Miss? {
    guard countsSenders else { return try fill(program.populations.indices) }
    // Who hears a layer decides how often its neurons send.
    if let miss = try fill(program.populations.indices.reversed()) { return miss }
    cores = cores.map { $0.reversed() }.reversed()
    Listeners.settle(&cores, program)
    return nil
  }

  private mutating func fill(
    _ order: some Sequence<Int>
  ) throws(PackError) -> Certificate.Miss? {
    for index in order {
      let population = program.populations[index]
      let outcome = try within(.layer(population.name)) { () throws(PackError) in
        try tiled(index)
      }
      switch outcome {
      case .blocks(let blocks):
        for block in countsSenders ? blocks.reversed() : blocks { try add(block) }
      case .tooMany:
        return try overflow(index)
      case .neuron(let resource, let demand, let capacity):
        return Certificate.Miss(
          code: .resourceExceeded, layer: population.name, coreKind: nil, resource: resource.name,
          demand: demand, capacity: capacity,
          text: "one neuron of layer `\(population.name)` takes \(demand) of \(resource.name); "
            + "a core of \(chip.id) has \(capacity)", hall: nil)
      }
    }
    return nil
  }

  /// One layer cut into blocks.
  private func tiled(_ index: Int) throws(PackError) -> Tiling.Outcome {
    var tiling = Tiling(index, program, chip)
    if countsSenders, case .blocks = try tiling.blocks(atMost: chip.cores) {
      // Copies only add to what a layer takes, and are counted once it fits without them.
      guard let listeners = listeners(index) else { return .tooMany }
      tiling = Tiling(index, program, chip, listeners: listeners)
    }
    guard form.isSpatial else { return try tiling.blocks(atMost: chip.cores) }
    if let blocks = try tiling.blocks(atMost: chip.cores, form) { return blocks }
    // What a share of a core does not hold takes a whole one.
    return try tiling.blocks(atMost: chip.cores)
  }

  private func listeners(_ index: Int) -> Listeners? {
    countsSenders ? Listeners(of: index, program, cores) : nil
  }

  /// A block joins the last core where both fit together, else it opens the next.
  private mutating func add(_ block: Block) throws(PackError) {
    if let last = cores.last, canShare(last, block),
      try fits(coreCounts(last + [block], shapes: shapes))
    {
      cores[cores.count - 1].append(block)
    } else {
      cores.append([block])
    }
  }

  /// Joins cores along the heaviest traffic while one core takes both, the order of the first
  /// blocks kept.
  ///
  /// - Parameter stop: asked between rounds; where it says true the cores stay as they are by then.
  /// - Throws: `SYN0501` for a demand that has no value.
  mutating func join(_ rates: [Double], stop: () -> Bool) throws(PackError) {
    var merged = true
    while merged, !stop() {
      merged = false
      let routes = Traffic.routes(cores, program, rates: rates)
      let graph = ClusterGraph(count: cores.count, routes: routes).adjacency
      var pairs: [(weight: Float, a: Int, b: Int)] = []
      for a in 0..<graph.count {
        for link in graph.links[graph.row(a)] where Int(link.cluster) > a {
          pairs.append((link.weight, a, Int(link.cluster)))
        }
      }
      pairs.sort { ($1.weight, $0.a, $0.b) < ($0.weight, $1.a, $1.b) }
      var isTaken = [Bool](repeating: false, count: cores.count)
      for pair in pairs.prefix(8 * cores.count) where !isTaken[pair.a] && !isTaken[pair.b] {
        let both = cores[pair.a] + cores[pair.b]
        guard try fits(coreCounts(both, shapes: shapes)) else { continue }
        (isTaken[pair.a], isTaken[pair.b]) = (true, true)
        cores[pair.a] = both
        cores[pair.b] = []
        merged = true
      }
      cores.removeAll(where: \.isEmpty)
    }
  }

  /// Whether some kind of core takes the layers of both.
  private func canShare(_ blocks: [Block], _ block: Block) -> Bool {
    chip.kinds.contains { kind in
      kind.accepts.isEmpty
        || (blocks + [block]).allSatisfy {
          kind.accepts.contains(Chip.LayerKind(of: program, $0.population))
        }
    }
  }

  /// Whether a core takes that much.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func fits(_ counts: CoreCounts) throws(PackError) -> Bool {
    for (resource, capacity) in budgets where try resource.demand.value(counts) > capacity {
      return false
    }
    return try CopyCounts(counts).excess(chip) == nil
  }

  /// The cores with the senders that they have together, where a chip counts those; `nil` where one
  /// of them then takes too much.
  ///
  /// - Throws: `SYN0501` for a demand that has no value.
  func settled(_ cores: [[Block]]) throws(PackError) -> [[Block]]? {
    guard countsSenders else { return cores }
    var cores = cores
    Listeners.settle(&cores, program)
    for blocks in cores where try !fits(coreCounts(blocks, shapes: shapes)) { return nil }
    return cores
  }

  // MARK: - Refusals

  /// That one layer takes more than all cores.
  private func overflow(_ layer: Int) throws(PackError) -> Certificate.Miss {
    let name = program.populations[layer].name
    let (resource, demand, capacity) = try scarcest(layer)
    let amount = resource.map { "it takes \(demand) of \($0.name), and a core has \(capacity)" }
    return Certificate.Miss(
      code: .doesNotFit, layer: name, coreKind: nil, resource: resource?.name ?? "cores",
      demand: demand, capacity: capacity,
      text: "the \(chip.cores) cores of \(chip.id) cannot hold layer `\(name)`: "
        + (amount ?? "no resource is short"), hall: nil)
  }

  /// That the layers take more cores than there are, with the layer that takes the most.
  ///
  /// - Parameter cores: the fewest that were found to hold all of them.
  /// - Throws: `SYN0501` for a demand that has no value.
  func overflow(_ cores: [[Block]]) throws(PackError) -> Certificate.Miss {
    var used = [Int](repeating: 0, count: program.populations.count)
    for blocks in cores {
      for population in Set(blocks.map(\.population)) { used[population] += 1 }
    }
    let layer = used.indices.max { (used[$0], $1) < (used[$1], $0) } ?? 0
    let name = program.populations[layer].name
    let (resource, demand, capacity) = try scarcest(layer)
    let amount = resource.map { ": \(demand) of \($0.name), of which a core has \(capacity)" }
    return Certificate.Miss(
      code: .doesNotFit, layer: name, coreKind: nil, resource: "cores", demand: cores.count,
      capacity: chip.cores,
      text: "all layers together take \(cores.count) cores and \(chip.id) has \(chip.cores); "
        + "layer `\(name)` lies on the most, \(used[layer])\(amount ?? "")", hall: nil)
  }

  /// The resource of which the whole layer takes the most cores' worth.
  private func scarcest(
    _ layer: Int
  ) throws(PackError) -> (resource: Chip.Resource?, demand: Int, capacity: Int) {
    let whole = Tiling(layer, program, chip, listeners: listeners(layer)).whole().counts
    var worst: (resource: Chip.Resource?, demand: Int, capacity: Int) = (nil, 0, 0)
    var largest = 0.0
    for (resource, capacity) in budgets {
      let demand = try resource.demand.value(whole)
      let share = Double(demand) / Double(max(1, capacity))
      if share > largest {
        largest = share
        worst = (resource, demand, capacity)
      }
    }
    return worst
  }
}
