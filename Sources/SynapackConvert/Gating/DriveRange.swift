internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Proved bounds of what a population of a staggered program can sum.
///
///     highest = max v(0) + Σ_ticks Σ_connections Π relays |window| · Σ_taps max(w·lo, w·hi) + b⁺
///
/// and lowest with min and b⁻; w: a weight, lo and hi: the payload range of its source, b⁺ and b⁻:
/// the positive and the negative part of the bias, which acts in T ticks. Resets only move the
/// membrane towards zero and are left out.
struct DriveRange {
  private(set) var lowest: Int64
  private(set) var highest: Int64
  /// The same as `highest`, of what arrives before the window opens; zero or more.
  private(set) var beforeWindow: Int64

  init(_ program: SpikingProgram, _ index: Int, _ clock: Clock) throws(PackError) {
    let population = program.populations[index]
    let times = clock.populations[index]
    let initial = population.initial.values.map(Int64.init)
    lowest = min(0, initial.min() ?? 0)
    highest = max(0, initial.max() ?? 0)
    beforeWindow = highest
    let biases = population.biases.values.map(Int64.init)
    let early = min(program.timesteps, max(0, times.opens - times.biasFrom))
    try add(
      min(0, biases.min() ?? 0), max(0, biases.max() ?? 0), ticks: program.timesteps, early: early)
    for connection in program.incoming(index) {
      let (ticks, first) =
        switch connection.source {
        case .input: (program.inputTicks, 0)
        case .population(let source): (program.timesteps, clock.populations[source].opens)
        }
      let (low, high) = try DriveRange.tick(connection, program.payloads(of: connection.source))
      try add(low, high, ticks: ticks, early: min(ticks, max(0, times.opens - first)))
    }
  }

  private mutating func add(
    _ low: Int64, _ high: Int64, ticks: Int, early: Int
  ) throws(PackError) {
    lowest += try DriveRange.product(low, Int64(ticks))
    highest += try DriveRange.product(high, Int64(ticks))
    beforeWindow += try DriveRange.product(high, Int64(early))
  }

  /// The least and the most that one tick of a connection can bring any neuron.
  private static func tick(
    _ connection: Connection, _ payloads: ClosedRange<Int>
  ) throws(PackError) -> (low: Int64, high: Int64) {
    let weights = connection.synapses.weights
    let (lower, upper) = (Int64(payloads.lowerBound), Int64(payloads.upperBound))
    let values = weights.values
    let taps = values.count / max(1, weights.shape[0])
    var (lowest, highest) = (Int64(0), Int64(0))
    for output in 0..<weights.shape[0] {
      var (low, high) = (Int64(0), Int64(0))
      for tap in 0..<taps {
        let weight = Int64(values[output * taps + tap])
        low += min(weight * lower, weight * upper)
        high += max(weight * lower, weight * upper)
      }
      (lowest, highest) = (min(lowest, low), max(highest, high))
    }
    var reach: Int64 = 1
    for relay in connection.relays {
      reach = try product(reach, Int64(relay.kernel.y * relay.kernel.x))
    }
    return (try product(lowest, reach), try product(highest, reach))
  }

  private static func product(_ left: Int64, _ right: Int64) throws(PackError) -> Int64 {
    let (value, overflow) = left.multipliedReportingOverflow(by: right)
    // Sixteen thousand connections of this size still add up in 64 bits.
    guard !overflow, abs(value) < 1 << 48 else {
      throw PackError(
        .cannotGate, "what arrives in a tick has no useful bound",
        hint: "lower the weight bits or the payload range")
    }
    return value
  }
}
