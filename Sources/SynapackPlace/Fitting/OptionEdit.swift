internal import SynapackProgram

/// What another conversion of the same network would have: neurons, clock and widths that the chip
/// carries, with the options of `synapack convert` that give them.
struct OptionEdit {
  var program: SpikingProgram
  var options: [String] = []
  /// See ``ProgramFacts``.
  private(set) var weightValues: [String: Int]

  init(_ program: SpikingProgram, _ chip: Chip, weightValues: [String: Int]) {
    self.program = program
    self.weightValues = weightValues
    let able = chip.neurons
    schedule(able)
    input(able)
    payloads(able)
    resets(able)
    widths(able)
    thresholds(chip)
    tables(chip)
  }

  /// Shortcuts, which may be wider than other weights, as narrow as they.
  static func weightBits(_ bits: Int) -> [String] {
    ["--weight-bits", "\(bits)"] + (bits < 16 ? ["--shortcut-bits", "\(bits)"] : [])
  }

  private mutating func schedule(_ able: Chip.Capabilities) {
    guard let first = able.schedules.first,
      !able.schedules.contains(Chip.name(of: program.schedule)),
      let schedule = Schedule(first == "staggered" ? "staggered:1" : first)
    else { return }
    program.schedule = schedule
    options += ["--schedule", schedule.description]
  }

  private mutating func input(_ able: Chip.Capabilities) {
    let encoding = program.input.encoding
    guard !able.inputs.isEmpty, !able.inputs.contains(Chip.name(of: encoding)) else { return }
    if able.inputs.contains("poisson") {
      let isSigned = encoding.payloads.lowerBound < 0
      program.input.encoding = .poisson(signed: isSigned, scale: encoding.scale, seed: 0)
      options += ["--input", "poisson"]
    }
  }

  private mutating func payloads(_ able: Chip.Capabilities) {
    guard let range = able.payloads.first else { return }
    var changed = false
    for index in program.populations.indices {
      guard case .integrateAndFire(var behaviour) = program.populations[index].model,
        !able.payloads.contains(where: { $0.contains(behaviour.payloads) })
      else { continue }
      behaviour.payloads = range
      behaviour.memory = false
      program.populations[index].model = .integrateAndFire(behaviour)
      changed = true
    }
    if changed, range == 0...1 { options += ["--neuron", "if"] }
  }

  private mutating func resets(_ able: Chip.Capabilities) {
    guard let reset = able.resets.first.flatMap({ Reset(rawValue: $0) }) else { return }
    var changed = false
    for index in program.populations.indices {
      guard case .integrateAndFire(var behaviour) = program.populations[index].model,
        !able.resets.contains(behaviour.reset.rawValue)
      else { continue }
      behaviour.reset = reset
      program.populations[index].model = .integrateAndFire(behaviour)
      changed = true
    }
    if changed { options += ["--reset", reset.rawValue] }
  }

  private mutating func widths(_ able: Chip.Capabilities) {
    if let bits = able.weightBits?.upperBound,
      program.connections.contains(where: { $0.weightBits > bits })
    {
      program = ProgramEdit.narrowed(program, bits: bits)
      options += OptionEdit.weightBits(bits)
    }
    if let bits = able.membraneBits?.upperBound, bits < 32 { membranes(bits) }
    if let bits = able.biasBits?.upperBound,
      program.populations.contains(where: { $0.biasBits > bits })
    {
      for index in program.populations.indices {
        program.populations[index].biasBits = min(bits, program.populations[index].biasBits)
      }
      options += ["--bias-bits", "\(bits)"]
    }
  }

  /// What is read out has a width of its own.
  private mutating func membranes(_ bits: Int) {
    var wide: Set<String> = []
    for index in program.populations.indices
    where Chip.bits(of: program.populations[index].membrane) > bits {
      let isRead = program.populations[index].model == .integrator
      wide.insert(isRead ? "--readout-bits" : "--membrane-bits")
      program.populations[index].membrane = Population.membraneRange(bits: bits)
    }
    for option in wide.sorted() { options += [option, "\(bits)"] }
  }

  private mutating func thresholds(_ chip: Chip) {
    guard chip.neurons.thresholdScope == .layer,
      let edited = ProgramEdit.oneThresholdEach(program)
    else { return }
    program = edited
    options += OptionEdit.oneThresholdEach
  }

  static let oneThresholdEach = ["--threshold-scope", "layer"]

  /// Weights out of tables with as many entries as the chip's neurons have.
  private mutating func tables(_ chip: Chip) {
    guard let weights = chip.weights, weights.encoding == .axonTable, let entries = weights.entries,
      weightValues.values.contains(where: { $0 > entries })
    else { return }
    weightValues = weightValues.mapValues { min($0, entries) }
    options += ["--weight-levels", "axon-table"]
  }
}
