public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Runs verified programs: event-driven, layer by layer over all ticks, in integers only.
///
/// As connections only lead forward, running each population through its whole life before the
/// next gives the same bits as advancing all of them tick by tick, and keeps one layer's weights
/// in the cache.
public struct Simulator: Sendable {
  public let program: SpikingProgram
  public private(set) var clock: Clock
  private(set) var populations: [CompiledPopulation]
  /// For each source neuron, channels last, the weights other than zero that one payload meets in
  /// all connections: the input's, then each population's.
  private let inputFanOut: [Int64]
  private let fanOuts: [[Int64]]
  private let kernel: SimulationKernel
  private let pool = ScratchPool()

  /// Verifies the program and lays it out.
  ///
  /// - Parameter coding: what payloads are sent as, which ``Outcome/events`` and operations count.
  /// - Throws: what ``SpikingProgram/verify()`` throws.
  public init(_ program: SpikingProgram, coding: PayloadCoding = .whole) throws(PackError) {
    try self.init(program, coding: coding, kernel: .automatic)
  }

  /// The same with the kernel given.
  package init(
    _ program: SpikingProgram, coding: PayloadCoding = .whole, kernel: SimulationKernel
  ) throws(PackError) {
    try program.verify()
    self.program = program
    let clock = Clock(program)
    self.clock = clock
    let bounds = try program.inputBounds()
    let compiled = program.populations.indices.map { index in
      CompiledPopulation(index, of: program, clock, bound: bounds[index], coding: coding)
    }
    populations = compiled
    self.kernel = kernel
    inputFanOut = Simulator.fanOut(of: .input, program, compiled)
    fanOuts = compiled.indices.map { Simulator.fanOut(of: .population($0), program, compiled) }
  }

  /// For each neuron of a population, in the order of its shape, the synapses that one of its events
  /// reaches.
  public func fanOut(of population: Int) -> [Int64] {
    guard fanOuts.indices.contains(population) else { return [] }
    let own = fanOuts[population]
    // Kernels keep the channels of a cell together.
    let channels = max(1, program.populations[population].shape.planes?.channels ?? 1)
    let cells = own.count / channels
    return own.indices.map { own[$0 % max(1, cells) * channels + $0 / max(1, cells)] }
  }

  private static func fanOut(
    of source: Source, _ program: SpikingProgram, _ populations: [CompiledPopulation]
  ) -> [Int64] {
    var sums = Array(repeating: Int64(0), count: program.shape(of: source).count)
    for population in populations {
      for connection in population.connections where connection.source == source {
        for (neuron, reached) in connection.fanOut.enumerated() { sums[neuron] += Int64(reached) }
      }
    }
    return sums
  }

  /// The same simulator where everything stops before tick `end` of the program's clock.
  func stopped(before end: Int) -> Simulator {
    var early = self
    early.clock = clock.stopped(before: end)
    for index in populations.indices {
      early.populations[index].times = early.clock.populations[index]
    }
    return early
  }

  /// Runs all ticks of one sample of encoded payloads, row-major in the order of the input's shape.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func run(_ input: [Int32]) throws(PackError) -> Outcome {
    guard program.readout.discards > 0 else { return try run(input, observer: Observer()) }
    var trace = ReadoutTrace(program)
    var outcome = try run(input, observer: Observer(readout: { trace.add($0, $1) }))
    outcome.scores = trace.scores.last ?? outcome.scores
    return outcome
  }

  /// Runs one sample and records every population in every tick of its life.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func record(_ input: [Int32]) throws(PackError) -> ConformanceVector {
    var records = program.populations.map { _ in [TickRecord]() }
    var trace = ReadoutTrace(program)
    let observer = Observer(
      everywhere: { records[$0].append($1.record($2)) }, readout: { trace.add($0, $1) })
    let outcome = try run(input, observer: observer)
    return ConformanceVector(
      input: input, populations: records,
      scores: program.readout.discards > 0 ? trace.scores.last ?? [] : outcome.scores)
  }

  /// Runs one sample and returns the payloads of every population, [ticks of its window][neurons],
  /// neurons row-major in the order of its shape.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func trains(_ input: [Int32]) throws(PackError) -> [[[Int32]]] {
    var trains = program.populations.map { _ in [[Int32]]() }
    var ages = Array(repeating: 0, count: program.populations.count)
    let times = clock.populations
    let observer = Observer(everywhere: { index, walk, fired in
      let opens = times[index].opens - times[index].begins
      if ages[index] >= opens { trains[index].append(walk.sent(fired)) }
      ages[index] += 1
    })
    _ = try run(input, observer: observer)
    return trains
  }

  /// Runs one sample and returns the readout's scores after each tick that counts.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func scores(_ input: [Int32]) throws(PackError) -> [[Int64]] {
    var trace = ReadoutTrace(program)
    _ = try run(input, observer: Observer(readout: { trace.add($0, $1) }))
    return trace.scores
  }

  /// Runs one sample as a host would: until the readout's rule stops it.
  ///
  /// Scores, spikes and operations are those up to that tick.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func decide(_ input: [Int32]) throws(PackError) -> Outcome {
    guard program.readout.exit != nil else { return try run(input) }
    var trace = ReadoutTrace(program)
    var outcome = try run(input, observer: Observer(readout: { trace.add($0, $1) }))
    let stop = program.readout.stop(trace.scores)
    if stop < program.timesteps {
      let end = clock.populations[program.readout.population].ends - program.timesteps + stop
      outcome = try stopped(before: end).run(input, observer: Observer())
    }
    outcome.ticks = stop
    outcome.lastDecision = trace.scores.last.map(Readout.decision)
    outcome.scores = trace.scores[stop - program.readout.discards - 1]
    return outcome
  }

  /// Runs one sample and returns how each population ended.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func finalStates(_ input: [Int32]) throws(PackError) -> [PopulationState] {
    try ended(input).states
  }

  /// The same, with what it gave and cost.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func ended(
    _ input: [Int32]
  ) throws(PackError) -> (states: [PopulationState], outcome: Outcome) {
    var states: [PopulationState] = []
    let outcome = try run(input, observer: Observer(ends: { states.append($0) }))
    return (states, outcome)
  }

  /// Who watches a sample run, and what.
  private struct Observer {
    /// Every tick of every population, with the population's index.
    var everywhere: ((Int, EventWalk, Range<Int>) -> Void)?
    /// Every tick of the readout.
    var readout: ((EventWalk, Range<Int>) -> Void)?
    /// How each population ended.
    var ends: ((PopulationState) -> Void)?

    func visitor(_ index: Int, isReadout: Bool) -> ((EventWalk, Range<Int>) -> Void)? {
      guard everywhere != nil || (isReadout && readout != nil) else { return nil }
      return { walk, fired in
        everywhere?(index, walk, fired)
        if isReadout { readout?(walk, fired) }
      }
    }
  }

  private func run(_ input: [Int32], observer: Observer) throws(PackError) -> Outcome {
    try Simulator.check(input, of: program)
    let shape = program.input.shape
    let current = EventTrain(input: input, shape)
    var outcome = Outcome(populations: populations.count)
    outcome.ticks = program.timesteps
    let heard = min(program.inputTicks, clock.latency)
    let encoding = program.input.encoding
    outcome.add(
      input: current, ticks: encoding.varies ? heard : 1, times: encoding.varies ? 1 : heard,
      channels: shape.planes?.channels ?? 1, fanOut: inputFanOut,
      isUnit: encoding.varies && encoding.payloads.upperBound == 1)
    var scratch =
      pool.take()
      ?? Scratch(populations: populations.map { _ in PopulationScratch() })
    for index in populations.indices {
      let life = PopulationLife(
        population: populations[index], shape: program.populations[index].shape)
      let isReadout = index == program.readout.population
      run(index, life, current, &scratch, observer.visitor(index, isReadout: isReadout))
      let sent = scratch.populations[index]
      outcome.add(
        index, sent, fanOut: fanOuts[index], isUnit: program.populations[index].sendsUnits,
        coding: populations[index].coding)
      let ticks = max(0, populations[index].times.ends - populations[index].times.opens)
      outcome.effectiveMACs += program.populations[index].multiplicationsPerTick * ticks
      if program.populations[index].payloads != 0...0 {
        outcome.neuronTicks += program.populations[index].shape.count * ticks
      }
      observer.ends?(life.state(sent))
      if isReadout { outcome.scores = life.scores(program.readout.decoding, sent) }
    }
    pool.give(scratch)
    return outcome
  }

  /// Runs one population on the kernel that fits it; ticks are shown by events alone.
  private func run(
    _ index: Int, _ life: PopulationLife, _ current: EventTrain, _ scratch: inout Scratch,
    _ visit: ((EventWalk, Range<Int>) -> Void)?
  ) {
    let population = populations[index]
    let lanes = visit == nil && usesLanes(population)
    for source in population.heard {
      let opens = clock.populations[source].opens - clock.populations[source].begins
      let ticks = clock.populations[source].ends - clock.populations[source].begins
      if lanes {
        scratch.populations[source].giveLanes(populations[source], opens: opens, ticks: ticks)
      } else {
        scratch.populations[source].giveEvents(
          opens: opens, count: min(program.timesteps, ticks - opens))
      }
    }
    var own = scratch.populations[index]
    scratch.populations[index] = PopulationScratch()
    own.events = nil
    own.hasLanes = false
    defer { scratch.populations[index] = own }
    if lanes {
      own.currents = Currents.narrow(population, input: current)
      let run = LaneRun(
        population: population, program: program, clock: clock,
        allowed: kernel.instructions)
      run.run(&own, sources: scratch.populations)
      return
    }
    life.run(&own, sources: scratch.populations, current, program, clock, visit: visit)
  }

  private func usesLanes(_ population: CompiledPopulation) -> Bool {
    // Lanes take one current for all ticks.
    let hearsInput = population.connections.contains { $0.source == .input }
    guard !(program.input.encoding.varies && hearsInput) else { return false }
    return switch kernel {
    case .events: false
    case .lanes, .pairedLanes, .portableLanes: population.allowsLanes
    case .automatic: population.allowsLanes && LaneRun.isFast(population)
    }
  }

  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  static func check(_ input: [Int32], of program: SpikingProgram) throws(PackError) {
    let payloads = program.input.encoding.payloads
    guard input.count == program.inputPayloads,
      input.allSatisfy({ payloads.contains(Int($0)) })
    else {
      throw PackError(
        .wrongDataShape,
        "\(input.count) payloads where the input takes \(program.inputPayloads), each in \(payloads)",
        hint: "encode the sample with the program's own input encoding")
    }
  }
}
