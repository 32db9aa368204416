public import SynapackProgram
internal import SynapackTensor

/// The staggered program that a gated one stands for, read back from what its clocks send.
///
/// With u(t) what the clocks send to a channel of population p in tick t, and the times of the
/// staggered program:
///
///     b     = u(t) in a tick t of the bias in which the window does not open
///     K     = u(opens(p)) − b, without b where it does not act in that tick
///     v(0)  ← v(0) + K
///
/// Membranes keep their wider range, in which none saturates. With windows of one tick a bias that acts
/// in the tick of the opening cannot be told from K; it is left in v(0), which gives the same payloads.
extension GatedProgram {
  /// The program before its gates; `nil` for one that has none or that this does not read.
  ///
  /// - Parameter schedule: of the program before.
  public static func source(of gated: SpikingProgram, schedule: Schedule) -> SpikingProgram? {
    guard var program = withoutClocks(gated, schedule) else { return nil }
    let clocks = gated.populations.count - program.populations.count
    let clock = Clock(program)
    for index in program.populations.indices {
      let drives = gated.connections.filter { $0.target == index + clocks }.compactMap {
        (connection) -> Drive? in
        guard case .population(let source) = connection.source, source < clocks,
          let tick = clockTick(of: gated.populations[source])
        else { return nil }
        return Drive(from: tick, connection)
      }
      let restored = ungated(
        program.populations[index], drives, clock.populations[index], program.timesteps)
      guard let restored else { return nil }
      program.populations[index] = restored
    }
    let earlier = clock.populations[program.readout.population].ends - program.timesteps
    guard earlier >= 0 else { return nil }
    if program.readout.discards > 0 {
      program.readout.discards = max(0, program.readout.discards - earlier)
    }
    if let exit = program.readout.exit {
      program.readout.exit?.limits = Array(
        exit.limits.dropFirst(earlier).prefix(program.timesteps))
    }
    return (try? program.verify()) == nil ? nil : program
  }

  /// The times of each population of a gated program by the windows that its clocks open and close, the
  /// clocks' own from the tick on in which they first fire; `nil` for a program that has none.
  public static func windows(
    of gated: SpikingProgram, schedule: Schedule
  ) -> [Clock.Times]? {
    guard let program = withoutClocks(gated, schedule) else { return nil }
    let clocks = zip(gated.populations, Clock(gated).populations).compactMap {
      (population, own) -> Clock.Times? in
      guard let tick = clockTick(of: population) else { return nil }
      var times = own
      times.opens = min(max(tick, own.begins), own.ends)
      return times
    }
    return clocks + Clock(program).populations
  }

  /// What stands behind the clocks, with their parameters as they are.
  private static func withoutClocks(
    _ gated: SpikingProgram, _ schedule: Schedule
  ) -> SpikingProgram? {
    let clocks = gated.populations.prefix { clockTick(of: $0) != nil }.count
    guard clocks > 0, gated.readout.population >= clocks,
      gated.populations.dropFirst(clocks).allSatisfy({ clockTick(of: $0) == nil })
    else { return nil }
    var program = gated
    program.timesteps = windowTicks(of: gated)
    program.schedule = schedule
    program.input.ticks = nil
    program.populations.removeFirst(clocks)
    program.connections = gated.connections.compactMap { old in
      var connection = old
      connection.target -= clocks
      guard case .population(let source) = old.source else { return connection }
      connection.source = .population(source - clocks)
      return source < clocks ? nil : connection
    }
    program.readout.population -= clocks
    return program
  }

  /// What one clock sends to each channel from its tick on.
  private struct Drive {
    let from: Int
    let values: [Int64]

    init(from tick: Int, _ connection: Connection) {
      from = tick
      let weights = connection.synapses.weights
      let row = weights.values.count / max(1, weights.shape[0])
      values = (0..<weights.shape[0]).map { channel in
        weights.values[channel * row..<(channel + 1) * row].reduce(0) { $0 + Int64($1) }
      }
    }
  }

  private static func ungated(
    _ gated: Population, _ drives: [Drive], _ times: Clock.Times, _ timesteps: Int
  ) -> Population? {
    var population = gated
    let channels = gated.shape.planes?.channels ?? 1
    func sum(_ tick: Int) -> [Int64] {
      drives.filter { $0.from <= tick }.reduce(Array(repeating: 0, count: channels)) {
        zip($0, $1.values).map { $0 + $1 }
      }
    }
    let fires = gated.payloads != 0...0
    let isOpening = fires && times.biasFrom == times.opens
    let biases =
      isOpening && timesteps == 1
      ? Array(repeating: 0, count: channels) : sum(times.biasFrom + (isOpening ? 1 : 0))
    let opening = zip(sum(times.opens), biases).map { sent, bias in
      let acts = (times.biasFrom..<times.biasFrom + timesteps).contains(times.opens)
      return sent - (acts ? bias : 0)
    }
    let old = gated.initial.values
    // One value a channel, or one a neuron where there were so many.
    let count = max(old.count, channels)
    let initial = (0..<count).map { place in
      Int64(old[place * old.count / count]) + (fires ? opening[place * channels / count] : 0)
    }
    let values = (biases.map(Int32.init(exactly:)), initial.map(Int32.init(exactly:)))
    let (restored, starts) = (values.0.compactMap { $0 }, values.1.compactMap { $0 })
    guard restored.count == channels, starts.count == count else { return nil }
    (population.biases, population.initial) = (Parameter(restored), Parameter(starts))
    return population
  }
}
