internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One attempt to put a program on the cores of a chip.
struct Fitting {
  /// What the chip lacks; empty where the program fits.
  private(set) var misses: [Certificate.Miss] = []
  /// The blocks of each core, where everything fits.
  private(set) var cores: [[Block]] = []
  /// The kind of each core; empty where the chip has one kind.
  private(set) var kinds: [Int] = []
  /// Which of several chips each core is on; empty where any will do.
  private(set) var copies: [Int] = []

  private let program: SpikingProgram
  private let chip: Chip

  /// - Parameters:
  ///   - weightValues: see ``ProgramFacts``.
  ///   - accepted: codes of misses that are let pass; only `SYN0509` has such.
  /// - Throws: `SYN0501` for a demand that has no value.
  init(
    _ program: SpikingProgram, _ chip: Chip, weightValues: [String: Int]? = nil,
    accepted: Set<ErrorCode> = []
  ) throws(PackError) {
    self.program = program
    self.chip = chip
    let facts = ProgramFacts(program, chip, weightValues: weightValues)
    let scopes = ScopeCheck(program, chip, facts)
    misses = chip.misses(program)
    if !accepted.contains(.missingNumber) { misses += unknown() }
    try misses += scopes.misses()
    switch chip.takes {
    case .layers: try matchLayers(scopes.layers)
    case .blocks: try fillCores()
    }
    guard misses.isEmpty else { return }
    if chip.mentions(DemandVariable.destinationCores.rawValue)
      || chip.mentions(DemandVariable.cores.rawValue)
    {
      let routes = Traffic.routes(cores, program, rates: program.populations.map { _ in 0 })
      try misses += scopes.misses(routes, cores: cores.count)
    }
  }

  /// The resources that the program needs and of which nobody published how much there is.
  private func unknown() -> [Certificate.Miss] {
    chip.resources.filter { resource in
      resource.capacity == nil
        && chip.kinds.contains { chip.capacity(of: resource, in: $0) == nil }
    }.map { resource in
      Certificate.Miss(
        code: .missingNumber, layer: nil, coreKind: nil, resource: resource.name, demand: nil,
        capacity: nil,
        text: "how much \(chip.id) has of `\(resource.name)` is unpublished, so that it cannot be "
          + "checked", hall: nil)
    }
  }

  // MARK: - Whole layers

  /// Each layer is one block on a core of its own.
  private mutating func matchLayers(_ layers: [LayerCounts]) throws(PackError) {
    cores = program.populations.indices.map { [Tiling($0, program, chip).whole()] }
    if chip.mentions(DemandVariable.senders.rawValue) { Listeners.settle(&cores, program) }
    let resources = chip.resources.filter { $0.scope == .layer || $0.scope == .core }
    var allowed: [[Int]] = []
    for (index, layer) in layers.enumerated() {
      var kinds: [Int] = []
      for (number, kind) in chip.kinds.enumerated() where takes(kind, index) {
        if try excess(resources, kind, layer, cores[index]) == nil { kinds.append(number) }
      }
      if kinds.isEmpty { misses.append(try nowhere(index, layer, resources)) }
      allowed.append(kinds)
    }
    if !allowed.contains(where: \.isEmpty) {
      match(allowed)
    } else if layers.count > chip.cores {
      misses.append(tooManyLayers())
    }
  }

  /// Each layer takes a core, so that more layers than cores need no search.
  private func tooManyLayers() -> Certificate.Miss {
    let kinds = chip.kinds.map(\.name)
    return Certificate.Miss(
      code: .noMatching, layer: nil, coreKind: kinds.joined(separator: ", "), resource: "cores",
      demand: program.populations.count, capacity: chip.cores,
      text: "\(program.populations.count) layers take a core each and \(chip.id) has "
        + "\(chip.cores)",
      hall: Certificate.Hall(
        layers: program.populations.map(\.name), coreKinds: kinds, cores: chip.cores))
  }

  private func takes(_ kind: Chip.CoreKind, _ index: Int) -> Bool {
    kind.accepts.isEmpty || kind.accepts.contains(Chip.LayerKind(of: program, index))
  }

  private func demand(
    _ resource: Chip.Resource, _ layer: LayerCounts, _ blocks: [Block]
  ) throws(PackError) -> Int {
    resource.scope == .layer
      ? try resource.demand.amount(layer)
      : try resource.demand.value(coreCounts(blocks, shapes: program.populations.map(\.shape)))
  }

  private func excess(
    _ resources: [Chip.Resource], _ kind: Chip.CoreKind, _ layer: LayerCounts, _ blocks: [Block]
  ) throws(PackError) -> (resource: Chip.Resource, demand: Int, capacity: Int)? {
    for resource in resources {
      guard let capacity = chip.capacity(of: resource, in: kind) else { continue }
      let demand = try demand(resource, layer, blocks)
      if demand > capacity { return (resource, demand, capacity) }
    }
    return nil
  }

  /// The kind of core that comes nearest to a layer that none takes.
  private func nowhere(
    _ index: Int, _ layer: LayerCounts, _ resources: [Chip.Resource]
  ) throws(PackError) -> Certificate.Miss {
    let name = program.populations[index].name
    var best: (share: Double, miss: Certificate.Miss)?
    for kind in chip.kinds where takes(kind, index) {
      var worst: (share: Double, resource: Chip.Resource, demand: Int, capacity: Int)?
      for resource in resources {
        guard let capacity = chip.capacity(of: resource, in: kind) else { continue }
        let demand = try demand(resource, layer, cores[index])
        let share = Double(demand) / Double(max(1, capacity))
        if share > (worst?.share ?? 0) { worst = (share, resource, demand, capacity) }
      }
      guard let worst, worst.share < (best?.share ?? .infinity) else { continue }
      let miss = Certificate.Miss(
        code: .resourceExceeded, layer: name, coreKind: kind.name, resource: worst.resource.name,
        demand: worst.demand, capacity: worst.capacity,
        text: "layer `\(name)` takes \(worst.demand) of \(worst.resource.name); the core that "
          + "comes nearest (\(kind.name)) has \(worst.capacity)", hall: nil)
      best = (worst.share, miss)
    }
    return best?.miss
      ?? Certificate.Miss(
        code: .resourceExceeded, layer: name, coreKind: nil, resource: "cores", demand: 1,
        capacity: 0, text: "no core of \(chip.id) takes a layer of the kind of `\(name)`",
        hall: nil)
  }

  private mutating func match(_ allowed: [[Int]]) {
    let matching = Matching(allowed: allowed, places: chip.kinds.map(\.count))
    if let kinds = matching.kinds {
      self.kinds = kinds
    } else if let violation = matching.violation {
      misses.append(miss(violation))
    }
  }

  private func miss(_ violation: Matching.Violation) -> Certificate.Miss {
    var layers: [String] = []
    for item in violation.items {
      for block in cores[item] {
        let name = program.populations[block.population].name
        if !layers.contains(name) { layers.append(name) }
      }
    }
    let kinds = violation.kinds.map { chip.kinds[$0].name }
    let shown = layers.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    let more = layers.count > 12 ? " and \(layers.count - 12) more" : ""
    let parts = chip.takes == .layers ? "layers" : "parts"
    return Certificate.Miss(
      code: .noMatching, layer: nil, coreKind: kinds.joined(separator: ", "), resource: "cores",
      demand: violation.items.count, capacity: violation.places,
      text: "\(violation.items.count) \(parts) (\(shown)\(more)) fit \(violation.places) cores "
        + "alone (\(kinds.joined(separator: ", ")))",
      hall: Certificate.Hall(layers: layers, coreKinds: kinds, cores: violation.places))
  }

  // MARK: - Blocks

  private mutating func fillCores() throws(PackError) {
    var packing = Packing(program, chip)
    if let miss = try packing.fill() {
      guard miss.code == .doesNotFit, let filled = try filled(packing, atMost: chip.cores) else {
        misses.append(miss)
        return
      }
      cores = filled
    } else {
      cores = packing.cores
    }
    // Ragged blocks were never seen to halve what equal ones take.
    if cores.count > chip.cores, cores.count <= 2 * chip.cores,
      let filled = try filled(packing, atMost: cores.count)
    {
      cores = filled
    }
    guard cores.count <= chip.cores else {
      misses.append(try packing.overflow(cores))
      return
    }
    guard chip.sharedResources.isEmpty else { return try shareOut() }
    guard chip.kinds.count > 1 else { return }
    let shapes = program.populations.map(\.shape)
    let resources = chip.resources(.core)
    var allowed: [[Int]] = []
    for blocks in cores {
      let counts = coreCounts(blocks, shapes: shapes)
      var kinds: [Int] = []
      for (number, kind) in chip.kinds.enumerated()
      where blocks.allSatisfy({ takes(kind, $0.population) }) {
        var fits = true
        for resource in resources {
          guard let capacity = chip.capacity(of: resource, in: kind) else { continue }
          if try resource.demand.value(counts) > capacity { fits = false }
        }
        if fits { kinds.append(number) }
      }
      allowed.append(kinds)
    }
    match(allowed)
  }

  /// Cores that are filled one after another to the last neuron, where equal blocks take more than
  /// there are: those leave a part of most cores empty. `nil` where they take more than `most`.
  private func filled(_ packing: Packing, atMost most: Int) throws(PackError) -> [[Block]]? {
    guard chip.kinds.count == 1, chip.sharedResources.isEmpty else { return nil }
    var filling = SequentialFill(program, chip)
    return try filling.fill(atMost: most) ? packing.settled(filling.cores) : nil
  }

  /// Gives each of several chips the cores that follow one another, while it has what they take.
  private mutating func shareOut() throws(PackError) {
    let room = chip.copies.x * chip.copies.y
    let shapes = program.populations.map(\.shape)
    let most = chip.cores / room
    var open = CopyCounts()
    var scarce: (resource: String, demand: Int, capacity: Int) = ("cores", most + 1, most)
    var copy = 0
    for blocks in cores {
      var both = open
      both.add(coreCounts(blocks, shapes: shapes))
      let excess = try both.excess(chip)
      if excess != nil || both.cores > most {
        if let excess { scarce = (excess.resource.name, excess.demand, excess.capacity) }
        copy += 1
        both = CopyCounts()
        both.add(coreCounts(blocks, shapes: shapes))
      }
      open = both
      copies.append(copy)
    }
    guard copy >= room else { return }
    misses.append(
      Certificate.Miss(
        code: .doesNotFit, layer: nil, coreKind: nil, resource: scarce.resource,
        demand: copy + 1, capacity: room,
        text:
          "all layers together take \(copy + 1) chips and \(chip.id) has \(room); one more core "
          + "on a full one would take \(scarce.demand) of \(scarce.resource), of which a chip has "
          + "\(scarce.capacity)", hall: nil))
  }

  /// For each core its number on the chip, where kinds tell them apart: the first that is free.
  func numbers() -> [Int] {
    var next: [Int] = []
    var first = 0
    for kind in chip.kinds {
      next.append(first)
      first += kind.count
    }
    return kinds.map { kind in
      defer { next[kind] += 1 }
      return next[kind]
    }
  }
}
