public import SynapackProgram
public import SynapackSupport

extension Chip {
  /// Holds a program against what the chip's neurons can be.
  ///
  /// - Throws: `SYN0506` with everything that the chip does not carry, layer by layer.
  public func check(_ program: SpikingProgram) throws(PackError) {
    var misses: [String] = []
    let schedule =
      switch program.schedule {
      case .wavefront: "wavefront"
      case .tick: "tick"
      case .staggered: "staggered"
      case .accumulate: "accumulate"
      }
    if !neurons.schedules.isEmpty, !neurons.schedules.contains(schedule) {
      misses.append("the schedule `\(program.schedule)`")
    }
    for (index, population) in program.populations.enumerated() {
      misses += self.misses(population).map { "layer `\(population.name)`: \($0)" }
      for connection in program.incoming(index) {
        if let widths = neurons.weightBits, !widths.contains(connection.weightBits) {
          misses.append("layer `\(population.name)`: weights of \(connection.weightBits) bits")
        }
      }
    }
    guard !misses.isEmpty else { return }
    let shown = misses.prefix(8).joined(separator: "; ")
    let more = misses.count > 8 ? "; and \(misses.count - 8) more" : ""
    throw PackError(
      .unsupportedByChip, "`\(id)` does not carry \(shown)\(more)",
      hint: "choose --neuron, --schedule and the widths from what the chip file lists")
  }

  private func misses(_ population: Population) -> [String] {
    var misses: [String] = []
    if let widths = neurons.membraneBits {
      let bits = Chip.bits(of: population.membrane)
      if !widths.contains(bits) { misses.append("membranes of \(bits) bits") }
    }
    if let widths = neurons.biasBits, !widths.contains(population.biasBits) {
      misses.append("biases of \(population.biasBits) bits")
    }
    if case .compensated(let compensation) = population.model {
      misses.append(Chip.miss(compensation))
    }
    guard case .integrateAndFire(let behaviour) = population.model else { return misses }
    let carried = neurons.payloads.contains { range in
      range.contains(behaviour.payloads.lowerBound) && range.contains(behaviour.payloads.upperBound)
    }
    if !neurons.payloads.isEmpty, !carried { misses.append("payloads \(behaviour.payloads)") }
    if !neurons.resets.isEmpty, !neurons.resets.contains(behaviour.reset.rawValue) {
      misses.append("reset `\(behaviour.reset.rawValue)`")
    }
    if behaviour.leakShift != nil, neurons.hasLeak == false { misses.append("a leak") }
    return misses
  }

  /// No chip file can state these neurons, so every chip lacks them.
  private static func miss(_ compensation: Compensation) -> String {
    switch compensation.drive {
    case .synapses: "the operator `\(compensation.function.name)` on running means"
    case .product:
      "a product of two activations and the operator `\(compensation.function.name)` on running "
        + "means"
    }
  }

  /// The narrowest two's complement register that holds the range.
  static func bits(of range: ClosedRange<Int32>) -> Int {
    let highest = 33 - max(range.upperBound, 0).leadingZeroBitCount
    let lowest = 33 - (~min(range.lowerBound, -1)).leadingZeroBitCount
    return max(highest, lowest)
  }
}
