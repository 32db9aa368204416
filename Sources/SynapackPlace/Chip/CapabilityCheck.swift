internal import SynapackProgram
internal import SynapackSupport

extension Chip {
  /// What the program asks of neurons, weights and clock that the chip does not carry, layer by
  /// layer: `SYN0506`.
  func misses(_ program: SpikingProgram) -> [Certificate.Miss] {
    var misses: [Certificate.Miss] = []
    func add(_ capability: String, _ layer: String?, _ what: String) {
      misses.append(
        Certificate.Miss(
          code: .unsupportedByChip, layer: layer, coreKind: nil, resource: capability, demand: nil,
          capacity: nil, text: "\(subject(layer))\(id) does not carry \(what)", hall: nil))
    }
    func subject(_ layer: String?) -> String { layer.map { "layer `\($0)`: " } ?? "" }
    func add(_ width: Width, _ layer: String) {
      misses.append(
        Certificate.Miss(
          code: .unsupportedByChip, layer: layer, coreKind: nil, resource: width.capability,
          demand: width.bits, capacity: width.carried.upperBound,
          text:
            "\(subject(layer))\(id) does not carry \(width.what) of \(width.bits) bits; it takes "
            + "\(width.carried.lowerBound) to \(width.carried.upperBound)", hall: nil))
    }
    // Operators first: nothing else matters where neurons cannot compute them.
    for population in program.populations {
      guard case .compensated(let compensation) = population.model else { continue }
      let what = Chip.miss(compensation)
      add(what, population.name, what)
    }
    let schedule = Chip.name(of: program.schedule)
    if !neurons.schedules.isEmpty, !neurons.schedules.contains(schedule) {
      add("schedule", nil, "the schedule `\(program.schedule)`")
    }
    for miss in inputMisses(program.input.encoding) { add("input", nil, miss) }
    for (index, population) in program.populations.enumerated() {
      for width in widths(of: population) { add(width, population.name) }
      for (capability, what) in self.misses(population) { add(capability, population.name, what) }
      if let carried = neurons.weightBits {
        let wide = program.incoming(index).map(\.weightBits).filter { !carried.contains($0) }
        if let bits = wide.max() {
          add(
            Width(capability: "weight bits", what: "weights", bits: bits, carried: carried),
            population.name)
        }
      }
    }
    return misses
  }

  static func name(of schedule: Schedule) -> String {
    switch schedule {
    case .wavefront: "wavefront"
    case .tick: "tick"
    case .staggered: "staggered"
    case .accumulate: "accumulate"
    }
  }

  static func name(of encoding: InputEncoding) -> String {
    switch encoding {
    case .constantCurrent: "current"
    case .poisson: "poisson"
    case .events: "events"
    }
  }

  private func inputMisses(_ encoding: InputEncoding) -> [String] {
    guard !neurons.inputs.isEmpty else { return [] }
    guard neurons.inputs.contains(Chip.name(of: encoding)) else {
      return ["an input as `\(Chip.name(of: encoding))`"]
    }
    let ranges = neurons.inputPayloads.isEmpty ? neurons.payloads : neurons.inputPayloads
    let carried = ranges.isEmpty || ranges.contains { $0.contains(encoding.payloads) }
    return carried ? [] : ["payloads \(encoding.payloads) of the input"]
  }

  /// A width in bits that lies outside of those that the chip carries.
  private struct Width {
    var capability: String
    /// What has it, in words.
    var what: String
    var bits: Int
    var carried: ClosedRange<Int>
  }

  private func widths(of population: Population) -> [Width] {
    var widths: [Width] = []
    if let carried = neurons.membraneBits {
      let bits = Chip.bits(of: population.membrane)
      if !carried.contains(bits) {
        widths.append(
          Width(capability: "membrane bits", what: "membranes", bits: bits, carried: carried))
      }
    }
    // A bias that is zero throughout takes no register.
    if let carried = neurons.biasBits, !carried.contains(population.biasBits),
      population.biases.values.contains(where: { $0 != 0 })
    {
      widths.append(
        Width(
          capability: "bias bits", what: "biases", bits: population.biasBits, carried: carried))
    }
    return widths
  }

  private func misses(_ population: Population) -> [(capability: String, what: String)] {
    var misses: [(String, String)] = []
    guard case .integrateAndFire(let behaviour) = population.model else { return misses }
    let carried = neurons.payloads.contains { $0.contains(behaviour.payloads) }
    if !neurons.payloads.isEmpty, !carried {
      misses.append(("payloads", "payloads \(behaviour.payloads)"))
    }
    if !neurons.resets.isEmpty, !neurons.resets.contains(behaviour.reset.rawValue) {
      misses.append(("reset", "reset `\(behaviour.reset.rawValue)`"))
    }
    if behaviour.leakShift != nil, neurons.hasLeak == false { misses.append(("leak", "a leak")) }
    return misses
  }

  /// No chip file can state these neurons, so every chip lacks them.
  private static func miss(_ compensation: Compensation) -> String {
    switch compensation.drive {
    case .synapses: "the operator `\(compensation.function.name)` \(Certificate.Miss.operators)"
    case .product:
      "a product of two activations and the operator `\(compensation.function.name)` "
        + Certificate.Miss.operators
    }
  }

  /// The narrowest two's complement register that holds the range.
  static func bits(of range: ClosedRange<Int32>) -> Int {
    let highest = 33 - max(range.upperBound, 0).leadingZeroBitCount
    let lowest = 33 - (~min(range.lowerBound, -1)).leadingZeroBitCount
    return max(highest, lowest)
  }
}
