/// The exact times of a program: when each population is awake, open and biased.
///
/// With T ticks a window, `travel` and `lag` of the schedule, and sources q of population p:
///
///     opens(p)    = max_q  0 for the input, opens(q) + lag for a population
///     biasFrom(p) = max_q  0 for the input, opens(q) + travel for a population
///     begins(p)   = min_q  0 for the input, opens(q) + travel for a population, and biasFrom(p)
///     ends(p)     = opens(p) + T; for an integrator, one past the last arrival and bias
///
/// The input sends its payloads in ticks 0 ..< T and they arrive at once: a constant current is
/// injected, it does not travel. A payload sent by q in tick t arrives in tick t + travel. The
/// bias acts in the T ticks from biasFrom. What arrives before the window opens is integrated,
/// tick by tick, and waits. After `ends` a population sleeps: nothing it does could be heard.
public struct Clock: Sendable, Hashable {
  /// The times of one population, in ticks from the first tick of the input.
  public struct Times: Sendable, Hashable {
    public var begins: Int
    public var opens: Int
    public var ends: Int
    public var biasFrom: Int
  }

  /// One entry for each population.
  public let populations: [Times]
  /// The ticks from the first of the input to the last of the readout.
  public let latency: Int

  public init(_ program: SpikingProgram) {
    let ticks = program.timesteps
    let travel = program.schedule.travel
    let lag = program.schedule.lag(timesteps: ticks)
    var times: [Times] = []
    for (index, population) in program.populations.enumerated() {
      var opens = 0
      var biasFrom = 0
      var begins: Int?
      var lastArrival = 0
      for source in program.sources(of: index) {
        var first = 0
        if case .population(let source) = source, times.indices.contains(source) {
          opens = max(opens, times[source].opens + lag)
          first = times[source].opens + travel
        }
        biasFrom = max(biasFrom, first)
        begins = min(begins ?? first, first)
        lastArrival = max(lastArrival, first + ticks)
      }
      let ends =
        switch population.model {
        case .integrateAndFire, .compensated: opens + ticks
        case .integrator: max(lastArrival, biasFrom + ticks)
        }
      times.append(
        Times(
          begins: min(begins ?? biasFrom, biasFrom), opens: opens, ends: ends, biasFrom: biasFrom))
    }
    populations = times
    latency =
      times.indices.contains(program.readout.population)
      ? times[program.readout.population].ends : ticks
  }

  private init(populations: [Times], latency: Int) {
    self.populations = populations
    self.latency = latency
  }

  /// The same clock where everything stops before tick `end`.
  public func stopped(before end: Int) -> Clock {
    let stopped = populations.map { times in
      var times = times
      times.ends = min(times.ends, end)
      times.opens = min(times.opens, times.ends)
      times.begins = min(times.begins, times.ends)
      return times
    }
    return Clock(populations: stopped, latency: min(latency, end))
  }
}
