internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// How far the membranes of a program can get, whatever the input.
///
///     up(o)   = max(0, b) + Σ_connections Σ_taps max(w·s over the payloads s of the source)
///     low(o)  = min(0, v₀) + life · down(o)
///     high(o) = max(0, v₀) + life · up(o)
///     high(o) = max(0, v₀, θ − 1) + (wait + 1) · up(o)     where a window leaves less than θ behind, and
///                                                          that is less or a payload may be negative
///
/// v₀: the initial membrane; b: bias; down: up with min; life: the ticks that the population is awake;
/// wait: those before its window opens. A tick leaves less than θ behind where the reset is to zero, or
/// where the largest payload takes away what one tick brings, up ≤ s·θ. Leaks only bring a membrane
/// closer to zero; a reset by a negative payload ends below θ.
enum MembraneReach {
  /// The least and largest value that any membrane of a population can have before the clamp.
  static func bounds(_ program: SpikingProgram) -> [ClosedRange<Int64>] {
    let clock = Clock(program)
    return program.populations.indices.map { index in
      let population = program.populations[index]
      let life = Int64(clock.populations[index].ends - clock.populations[index].begins)
      let (least, most) = step(program, index)
      let initial = population.initial.values.map(Int64.init)
      let low = saturating(life, least, from: min(0, initial.min() ?? 0))
      let start = max(0, initial.max() ?? 0)
      guard case .integrateAndFire(let behaviour) = population.model else {
        return low...saturating(life, most, from: start)
      }
      let thresholds = population.thresholds.values.map(Int64.init)
      let (smallest, largest) = (thresholds.min() ?? 1, thresholds.max() ?? 1)
      let taken = Int64(behaviour.payloads.upperBound) * smallest
      guard behaviour.reset == .zero || most <= taken else {
        // A negative payload resets upwards, to less than θ.
        let reset = behaviour.payloads.lowerBound < 0 ? largest : 0
        return low...saturating(life, most, from: max(start, reset))
      }
      let times = clock.populations[index]
      let wait = Int64(times.opens - times.begins)
      let high = saturating(wait + 1, most, from: max(start, largest - 1))
      // Payloads that are never negative only bring a membrane down, and a threshold may be out of reach.
      let isLowering = behaviour.payloads.lowerBound >= 0
      return low...(isLowering ? min(high, saturating(life, most, from: start)) : high)
    }
  }

  /// The least and the most that one tick brings any neuron of a population.
  static func step(_ program: SpikingProgram, _ index: Int) -> (down: Int64, up: Int64) {
    var up: [Int64] = [0]
    var down: [Int64] = [0]
    for connection in program.incoming(index) {
      let reach = reaches(connection, payloads: program.payloads(of: connection.source))
      up = sums(up, reach.map(\.up))
      down = sums(down, reach.map(\.down))
    }
    let biases = program.populations[index].biases.values.map(Int64.init)
    return (
      (down.min() ?? 0) + min(0, biases.min() ?? 0), (up.max() ?? 0) + max(0, biases.max() ?? 0)
    )
  }

  /// The same machine with thresholds that no membrane reaches lowered to the first such value, so
  /// that they fit narrow registers: θ ← min(θ, high + 1) of neurons without negative payloads.
  ///
  /// - Parameter limit: what fits anyway and stays as it is.
  static func reachable(_ program: SpikingProgram, above limit: Int32 = 0) -> SpikingProgram {
    var result = program
    for (index, bounds) in bounds(program).enumerated()
    where program.populations[index].payloads.lowerBound >= 0 {
      let beyond = Int32(clamping: bounds.upperBound + 1)
      for place in result.populations[index].thresholds.values.indices {
        let value = result.populations[index].thresholds.values[place]
        guard value > limit else { continue }
        result.populations[index].thresholds.values[place] = min(value, max(1, beyond))
      }
    }
    return result
  }

  /// The same machine with membranes and biases as narrow as their values let them be, where membranes
  /// are proved to stay inside: what a chip of narrow registers has to hold.
  static func narrowed(_ program: SpikingProgram) -> SpikingProgram {
    var result = program
    for (index, bounds) in bounds(program).enumerated() {
      let population = program.populations[index]
      let thresholds = population.thresholds.values.map { Int($0) }
      let values =
        [Int(clamping: bounds.lowerBound), Int(clamping: bounds.upperBound)] + thresholds
        + population.initial.values.map { Int($0) }
      let bits = values.map(\.signedBits).max() ?? 2
      let widest = Int(population.membrane.upperBound).signedBits
      if bits < widest { result.populations[index].membrane = Population.membraneRange(bits: bits) }
      let biases = population.biases.values.map { Int($0.magnitude).signedBits }.max() ?? 1
      result.populations[index].biasBits = min(population.biasBits, max(2, biases))
    }
    return result
  }

  /// start + life · step, limited to what a comparison with 32-bit ends can tell apart.
  private static func saturating(_ life: Int64, _ step: Int64, from start: Int64) -> Int64 {
    let limit = Int64(1) << 60
    return min(max((life.times(step) ?? (step < 0 ? -limit : limit)), -limit), limit) + start
  }

  /// - Throws: `SYN0744` for the first layer whose membranes the weights do not keep off the ends.
  static func requireNoSaturation(_ program: SpikingProgram, target: String) throws(PackError) {
    for (population, bounds) in zip(program.populations, bounds(program)) {
      let ends = Int64(population.membrane.lowerBound)...Int64(population.membrane.upperBound)
      guard ends.contains(bounds.lowerBound), ends.contains(bounds.upperBound) else {
        throw PackError(
          .saturationNotCarried,
          "a membrane could get to \(bounds.lowerBound)…\(bounds.upperBound), it stops at "
            + "\(ends.lowerBound)…\(ends.upperBound), and \(target) would not stop it there",
          at: .layer(population.name), hint: "convert again with `--membrane-bits 32`")
      }
    }
  }

  /// For each output channel the largest and least Σ w·s of one tick.
  private static func reaches(
    _ connection: Connection, payloads: ClosedRange<Int>
  ) -> [(up: Int64, down: Int64)] {
    let weights = connection.synapses.weights
    let channels = max(1, weights.shape[0])
    let values = weights.values
    let taps = values.count / channels
    var factor: Int64 = 1
    // A verified program's |s| · factor · Σ|w| stays below 2⁶²; without weights nothing is summed.
    for relay in connection.relays { factor &*= Int64(relay.kernel.y &* relay.kernel.x) }
    let (low, high) = (Int64(payloads.lowerBound) &* factor, Int64(payloads.upperBound) &* factor)
    return (0..<channels).map { channel in
      var (up, down) = (Int64(0), Int64(0))
      for tap in 0..<taps {
        let weight = Int64(values[channel * taps + tap])
        up &+= max(0, weight &* low, weight &* high)
        down &+= min(0, weight &* low, weight &* high)
      }
      return (up, down)
    }
  }

  /// Channel by channel; a single value stands for all.
  private static func sums(_ left: [Int64], _ right: [Int64]) -> [Int64] {
    let count = max(left.count, right.count)
    return (0..<count).map { left[left.count == 1 ? 0 : $0] + right[right.count == 1 ? 0 : $0] }
  }
}

extension Int {
  /// The fewest bits of two's complement that hold the value.
  var signedBits: Int { Int.bitWidth - (self < 0 ? ~self : self).leadingZeroBitCount + 1 }
}
