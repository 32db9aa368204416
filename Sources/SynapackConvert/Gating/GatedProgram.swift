public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Writes a staggered program for chips whose neurons fire whenever they can.
///
/// Before: `staggered:D`, where population p fires only in the T ticks from opens(p) on and its bias
/// acts in the T ticks from biasFrom(p) on. After: `wavefront` over all ticks of the inference,
/// without biases, with the same payloads in the same ticks:
///
///     v(0) ← v(0) − K
///     K      arrives in tick opens(p)         and lifts the membrane when the window opens
///     −C     arrives in tick opens(p) + T     and silences the neuron when it has closed
///     b      arrives in each of the T ticks from biasFrom(p)
///
/// K: at least all that p can have summed before its window, so that it cannot fire early; C: at
/// least all that can be left behind it. Both are proved from the weights and payload ranges. What
/// arrives at given ticks comes from clock populations: a clock neuron of tick f has bias θ and
/// starts at −θ·f, so that it fires in every tick from f on, and a value in the ticks f ..< g is one
/// weight from the clock of f and its opposite from that of g.
public struct GatedProgram: Sendable {
  private let source: SpikingProgram
  private let clock: Clock
  private let ticks: Int
  /// What arrives at each population by the clock of each tick, in the order of the ticks.
  private var steps: [[Int: [Int64]]]

  /// The largest weight of a clock; larger values arrive over several clock neurons.
  static let largestWeight: Int64 = 32_767

  /// The program whose populations are those of `source`, behind the clocks.
  ///
  /// - Throws: `SYN0315` where the schedule is not staggered, a payload may be negative, a reset is
  ///   not by subtraction, or a membrane may saturate.
  public static func gated(
    _ source: SpikingProgram
  ) throws(PackError) -> (program: SpikingProgram, clocks: Int) {
    guard !source.hasCompensation else {
      throw PackError(
        .cannotGate, "neurons that compute operators on running means have no gate",
        hint: "leave out `--gated`")
    }
    var reasons: [String] = []
    let isStaggered = if case .staggered = source.schedule { true } else { false }
    if !isStaggered {
      reasons.append("the schedule \(source.schedule) has no windows to gate")
    }
    let isOther = source.populations.contains { population in
      guard case .integrateAndFire(let behaviour) = population.model else { return false }
      return !canGate(behaviour)
    }
    if isOther { reasons.append("its neurons send negative payloads, leak or reset to zero") }
    guard reasons.isEmpty else { throw refused(reasons.joined(separator: "; ")) }
    var gated = GatedProgram(source)
    var populations = source.populations
    let reaches = try populations.indices.map { (index) throws(PackError) in
      try within(.layer(populations[index].name)) { () throws(PackError) in
        try DriveRange(source, index, gated.clock)
      }
    }
    try GatedWidths(source, reaches).check()
    for index in populations.indices {
      try within(.layer(populations[index].name)) { () throws(PackError) in
        try gated.gate(index, &populations[index], reaches[index])
      }
    }
    return try gated.program(populations)
  }

  /// The tick from which a clock population fires; `nil` for every other population.
  public static func clockTick(of population: Population) -> Int? {
    ClockPopulation.tick(of: population)
  }

  /// The ticks of a window: T of the program that a gated one stands for, T of every other.
  public static func windowTicks(of program: SpikingProgram) -> Int {
    // The input of a gated program is that of its source and ends with its first window.
    isGated(program) ? program.inputTicks : program.timesteps
  }

  /// Whether a program has clock populations.
  public static func isGated(_ program: SpikingProgram) -> Bool {
    program.populations.contains { ClockPopulation.tick(of: $0) != nil }
  }

  private init(_ source: SpikingProgram) {
    self.source = source
    clock = Clock(source)
    ticks = clock.populations.map(\.ends).max() ?? source.timesteps
    steps = source.populations.map { _ in [:] }
  }

  private static func refused(_ message: String) -> PackError {
    PackError(
      .cannotGate, message,
      hint: "use `--schedule staggered:1` with payloads of one sign, such as `--neuron if`, and "
        + "`--reset subtract`")
  }

  private static func canGate(_ behaviour: FiringBehaviour) -> Bool {
    behaviour.payloads.lowerBound == 0 && behaviour.reset == .subtract
      && behaviour.leakShift == nil
  }

  private mutating func gate(
    _ index: Int, _ population: inout Population, _ reach: DriveRange
  ) throws(PackError) {
    let times = clock.populations[index]
    let biases = population.biases.values.map(Int64.init)
    add(biases, at: times.biasFrom, to: index)
    add(biases.map(-), at: times.biasFrom + source.timesteps, to: index)
    population.biases = Parameter([0])
    guard case .integrateAndFire(let behaviour) = population.model else { return }
    guard GatedProgram.canGate(behaviour) else { return }
    let hold = reach.beforeWindow
    let close = times.opens + source.timesteps < ticks ? reach.highest : 0
    pulse(hold, at: times.opens, to: index)
    pulse(-close, at: times.opens + source.timesteps, to: index)
    let width = reach.highest - reach.lowest + hold + close
    guard width < Int64(Int32.max) else {
      throw GatedWidths.tooWide
    }
    population.initial = Parameter(population.initial.values.map { $0 - Int32(hold) })
    let lowest = min(Int64(population.membrane.lowerBound), reach.lowest - max(hold, close))
    population.membrane = Population.membraneRange(bits: 65 - (-lowest).leadingZeroBitCount)
  }

  /// A value in one tick.
  private mutating func pulse(_ value: Int64, at tick: Int, to index: Int) {
    add([value], at: tick, to: index)
    add([-value], at: tick + 1, to: index)
  }

  /// A value in every tick from `tick` on.
  private mutating func add(_ values: [Int64], at tick: Int, to index: Int) {
    guard tick < ticks, values.contains(where: { $0 != 0 }) else { return }
    let old = steps[index][tick] ?? [0]
    let count = max(old.count, values.count)
    steps[index][tick] = (0..<count).map { old[$0 % old.count] + values[$0 % values.count] }
  }

  private func program(
    _ populations: [Population]
  ) throws(PackError) -> (program: SpikingProgram, clocks: Int) {
    let times = Set(steps.flatMap(\.keys)).sorted()
    var copies: [Int: Int] = [:]
    for (tick, values) in steps.flatMap({ $0 }) {
      let most = values.map(\.magnitude).max() ?? 0
      let needed = (Int64(most) + GatedProgram.largestWeight - 1) / GatedProgram.largestWeight
      copies[tick] = max(copies[tick] ?? 1, Int(needed))
    }
    let clocks = try times.map { (tick) throws(PackError) in
      try ClockPopulation.population(tick: tick, neurons: copies[tick] ?? 1)
    }
    var connections = source.connections.map { shifted($0, by: clocks.count) }
    for (index, population) in populations.enumerated() {
      for (place, tick) in times.enumerated() {
        guard let values = steps[index][tick] else { continue }
        connections.append(
          try ClockPopulation.connection(
            from: place, neurons: copies[tick] ?? 1, to: index + clocks.count, population,
            values: values))
      }
    }
    connections.sort { ($0.target, $0.source.order) < ($1.target, $1.source.order) }
    var program = source
    program.timesteps = ticks
    program.schedule = .wavefront
    program.input.ticks = source.inputTicks
    program.populations = clocks + populations
    program.connections = connections
    program.readout = readout(behind: clocks.count)
    try program.verify()
    return (program, clocks.count)
  }

  private func shifted(_ connection: Connection, by clocks: Int) -> Connection {
    var shifted = connection
    shifted.target += clocks
    if case .population(let index) = connection.source {
      shifted.source = .population(index + clocks)
    }
    return shifted
  }

  /// The readout's window is the last T ticks of its population's life; that ends later now.
  private func readout(behind clocks: Int) -> Readout {
    var readout = source.readout
    readout.population += clocks
    let earlier = clock.populations[source.readout.population].ends - source.timesteps
    if readout.discards > 0 { readout.discards += earlier }
    if let exit = source.readout.exit {
      let before = Array(repeating: ExitRule.never, count: earlier)
      let after = Array(
        repeating: ExitRule.never, count: ticks - earlier - source.timesteps)
      readout.exit?.limits = before + exit.limits + after
    }
    return readout
  }
}
