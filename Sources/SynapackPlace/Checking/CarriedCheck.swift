internal import SynapackProgram
internal import SynapackSupport

/// Holds the numbers of a program's neurons and weights against those that the chip file lists.
///
/// Written apart from what the placer refuses by; a list that the file leaves out allows all.
enum CarriedCheck {
  static func findings(_ program: SpikingProgram, _ chip: Chip) -> [Finding] {
    let carried = chip.neurons
    var findings: [Finding] = []
    func require(_ isCarried: Bool, _ what: String, _ layer: String? = nil) {
      guard !isCarried else { return }
      findings.append(
        Finding(
          .limitExceeded, .error, "\(chip.id) does not carry \(what)",
          at: layer.map { .layer($0) }))
    }
    func takes(_ list: [String], _ name: String) -> Bool { list.isEmpty || list.contains(name) }
    func takes(_ widths: ClosedRange<Int>?, _ bits: Int) -> Bool {
      widths?.contains(bits) ?? true
    }

    require(takes(carried.schedules, name(program.schedule)), "the schedule \(program.schedule)")
    let (kind, sent) = input(program.input.encoding)
    require(takes(carried.inputs, kind), "an input as \(kind)")
    let ranges = carried.inputPayloads.isEmpty ? carried.payloads : carried.inputPayloads
    if !carried.inputs.isEmpty {
      require(holds(ranges, sent), "the payloads \(sent) of the input")
    }
    for connection in program.connections {
      require(
        takes(carried.weightBits, connection.weightBits),
        "weights of \(connection.weightBits) bits",
        program.populations[connection.target].name)
    }
    for population in program.populations {
      let bits = width(population.membrane)
      require(takes(carried.membraneBits, bits), "membranes of \(bits) bits", population.name)
      if population.biases.values.contains(where: { $0 != 0 }) {
        require(
          takes(carried.biasBits, population.biasBits), "biases of \(population.biasBits) bits",
          population.name)
      }
      switch population.model {
      case .integrator: break
      case .compensated: require(false, "operators on running means", population.name)
      case .integrateAndFire(let behaviour):
        let payloads = behaviour.payloads
        require(holds(carried.payloads, payloads), "the payloads \(payloads)", population.name)
        let reset = behaviour.reset == .zero ? "zero" : "subtract"
        require(takes(carried.resets, reset), "the reset \(reset)", population.name)
        require(
          behaviour.leakShift == nil || carried.hasLeak != false, "a leak", population.name)
      }
    }
    return findings
  }

  private static func holds(_ ranges: [ClosedRange<Int>], _ range: ClosedRange<Int>) -> Bool {
    ranges.isEmpty
      || ranges.contains {
        $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound
      }
  }

  private static func name(_ schedule: Schedule) -> String {
    switch schedule {
    case .wavefront: "wavefront"
    case .tick: "tick"
    case .staggered: "staggered"
    case .accumulate: "accumulate"
    }
  }

  private static func input(_ encoding: InputEncoding) -> (kind: String, ClosedRange<Int>) {
    switch encoding {
    case .constantCurrent: ("current", encoding.payloads)
    case .poisson: ("poisson", encoding.payloads)
    case .events: ("events", encoding.payloads)
    }
  }

  /// The bits of the narrowest signed register: the least n with −2ⁿ⁻¹ ≤ v < 2ⁿ⁻¹ for both ends.
  private static func width(_ range: ClosedRange<Int32>) -> Int {
    let (low, high) = (Int64(range.lowerBound), Int64(range.upperBound))
    return (1...33).first { bits in
      let half = Int64(1) << (bits - 1)
      return -half <= low && high < half
    } ?? 33
  }
}
