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
  public let clock: Clock
  let populations: [CompiledPopulation]
  /// For each source neuron, channels last, the weights other than zero that one payload meets in
  /// all connections: the input's, then each population's.
  private let inputFanOut: [Int64]
  private let fanOuts: [[Int64]]
  private let kernel: SimulationKernel
  private let pool = ScratchPool()

  /// Verifies the program and lays it out.
  ///
  /// - Throws: what ``SpikingProgram/verify()`` throws.
  public init(_ program: SpikingProgram) throws(PackError) {
    try self.init(program, kernel: .automatic)
  }

  /// The same with the kernel given.
  package init(_ program: SpikingProgram, kernel: SimulationKernel) throws(PackError) {
    try program.verify()
    self.program = program
    let clock = Clock(program)
    self.clock = clock
    let bounds = try program.inputBounds()
    let compiled = program.populations.indices.map { index in
      let population = program.populations[index]
      let connections = program.incoming(index).map {
        CompiledConnection(
          $0, from: program.shape(of: $0.source), payloads: program.payloads(of: $0.source),
          to: population.shape)
      }
      return CompiledPopulation(
        population, times: clock.populations[index], connections: connections,
        bound: bounds[index])
    }
    populations = compiled
    self.kernel = kernel
    inputFanOut = Simulator.fanOut(of: .input, program, compiled)
    fanOuts = compiled.indices.map { Simulator.fanOut(of: .population($0), program, compiled) }
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

  /// Runs one sample of encoded payloads, row-major in the order of the input's shape.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func run(_ input: [Int32]) throws(PackError) -> Outcome {
    try run(input, records: nil)
  }

  /// Runs one sample and records every population in every tick of its life.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func record(_ input: [Int32]) throws(PackError) -> ConformanceVector {
    var records: [[TickRecord]] = []
    let outcome = try run(input) { records.append($0) }
    return ConformanceVector(input: input, populations: records, scores: outcome.scores)
  }

  /// Runs one sample and returns how each population ended.
  ///
  /// - Throws: `SYN0012` where the count or a payload does not fit the input port.
  public func finalStates(_ input: [Int32]) throws(PackError) -> [PopulationState] {
    var states: [PopulationState] = []
    _ = try run(input, records: nil) { states.append($0) }
    return states
  }

  private func run(
    _ input: [Int32], records: (([TickRecord]) -> Void)?,
    states: ((PopulationState) -> Void)? = nil
  ) throws(PackError) -> Outcome {
    try check(input)
    let shape = program.input.shape
    let current = EventTrain(constant: input, shape)
    var outcome = Outcome(populations: populations.count)
    outcome.add(
      current: current, channels: shape.planes?.channels ?? 1, fanOut: inputFanOut,
      ticks: program.timesteps)
    var scratch =
      pool.take()
      ?? Scratch(populations: populations.map { _ in PopulationScratch() })
    for index in populations.indices {
      let life = PopulationLife(
        population: populations[index], shape: program.populations[index].shape)
      let ticks = run(index, life, current, &scratch, recording: records != nil)
      let sent = scratch.populations[index]
      outcome.add(
        index, sent, fanOut: fanOuts[index], payloads: program.populations[index].payloads)
      records?(ticks)
      states?(life.state(sent))
      if index == program.readout.population {
        outcome.scores = life.scores(program.readout.decoding, sent)
      }
    }
    pool.give(scratch)
    return outcome
  }

  /// Runs one population on the kernel that fits it.
  private func run(
    _ index: Int, _ life: PopulationLife, _ current: EventTrain, _ scratch: inout Scratch,
    recording: Bool
  ) -> [TickRecord] {
    let population = populations[index]
    let lanes = !recording && usesLanes(population)
    for case .population(let source) in population.connections.map(\.source) {
      let opens = clock.populations[source].opens - clock.populations[source].begins
      let ticks = clock.populations[source].ends - clock.populations[source].begins
      if lanes {
        scratch.populations[source].giveLanes(populations[source], opens: opens, ticks: ticks)
      } else {
        scratch.populations[source].giveEvents(opens: opens, count: program.timesteps)
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
        isPortable: kernel == .portableLanes)
      run.run(&own, sources: scratch.populations)
      return []
    }
    return life.run(
      &own, sources: scratch.populations, current, program, clock, recording: recording)
  }

  private func usesLanes(_ population: CompiledPopulation) -> Bool {
    switch kernel {
    case .events: false
    case .lanes, .portableLanes: population.allowsLanes
    case .automatic: population.allowsLanes && LaneRun.isFast
    }
  }

  private func check(_ input: [Int32]) throws(PackError) {
    let payloads = program.input.encoding.payloads
    guard input.count == program.input.shape.count,
      input.allSatisfy({ payloads.contains(Int($0)) })
    else {
      throw PackError(
        .wrongDataShape,
        "\(input.count) payloads for an input of \(program.input.shape), each in \(payloads)",
        hint: "encode the sample with the program's own input encoding")
    }
  }
}
