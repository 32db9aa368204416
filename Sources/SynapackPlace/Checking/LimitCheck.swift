internal import SynapackProgram
internal import SynapackSupport

/// Holds counted layers, neurons and the whole program against what the chip file allows.
struct LimitCheck {
  private let program: SpikingProgram
  private let chip: Chip
  let layers: [LayerCensus]
  private let whole: ProgramCensus
  /// For each of several chips that holds a core what lies on it.
  private let parts: [(name: String, counts: CopyCounts)]
  private(set) var findings: [Finding] = []

  /// - Parameters:
  ///   - census: its synapses visited.
  ///   - cores: those in use.
  init(_ program: SpikingProgram, _ chip: Chip, _ census: Census, cores: Int) {
    self.program = program
    self.chip = chip
    layers = program.populations.indices.map { LayerCensus($0, of: program, census) }
    whole = ProgramCensus(program, layers, census, cores: cores)
    parts = census.copies(of: chip)
    for limit in chip.limits { hold(limit) }
    for resource in chip.resources { hold(resource) }
  }

  /// Whoever a scope speaks of, with a name for messages; cores are the census's own matter.
  private func subjects(_ scope: DemandScope) -> [(name: String, counts: any DemandValues)] {
    switch scope {
    case .core: []
    case .layer: zip(program.populations, layers).map { ("layer `\($0.name)`", $1) }
    case .neuron:
      zip(program.populations, layers).map { ("a neuron of layer `\($0.name)`", $1.neuron) }
    case .chip: chip.isJoined ? parts : [("the program", whole)]
    }
  }

  private mutating func hold(_ limit: Chip.Limit) {
    for (name, counts) in subjects(limit.scope) {
      guard let value = amount(limit.value, counts, limit.name) else { continue }
      let (isAllowed, text) =
        switch limit.allowed {
        case .range(let range):
          (range.contains(value), "\(range.lowerBound) to \(range.upperBound)")
        case .values(let list): (list.contains(value), "\(list)")
        }
      guard !isAllowed else { continue }
      add("\(name): \(limit.name) is \(value), and \(chip.id) takes \(text)")
    }
  }

  private mutating func hold(_ resource: Chip.Resource) {
    // Where whole layers lie on cores, each core has an amount of its own for its layer.
    guard resource.scope != .layer || chip.takes == .blocks, let capacity = resource.capacity else {
      return
    }
    for (name, counts) in subjects(resource.scope) {
      guard let taken = amount(resource.demand, counts, resource.name), taken > capacity else {
        continue
      }
      add("\(name) takes \(taken) of \(resource.name), and \(chip.id) has \(capacity)")
    }
  }

  private mutating func amount(
    _ demand: DemandExpression, _ counts: any DemandValues, _ name: String
  ) -> Int? {
    guard let amount = try? demand.amount(counts) else {
      findings.append(
        Finding(.malformedPlacement, .error, "the chip's \(name) has no value for the program"))
      return nil
    }
    return amount
  }

  private mutating func add(_ text: String) {
    findings.append(Finding(.limitExceeded, .error, text))
  }
}
