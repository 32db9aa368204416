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

  /// Verifies the program and lays it out.
  ///
  /// - Throws: what ``SpikingProgram/verify()`` throws.
  public init(_ program: SpikingProgram) throws(PackError) {
    try program.verify()
    self.program = program
    let clock = Clock(program)
    self.clock = clock
    let bounds = try program.inputBounds()
    populations = program.populations.indices.map { index in
      let population = program.populations[index]
      let connections = program.incoming(index).map {
        CompiledConnection($0, from: program.shape(of: $0.source), to: population.shape)
      }
      return CompiledPopulation(
        population, times: clock.populations[index], connections: connections,
        bound: bounds[index])
    }
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
    let current = EventTrain(constant: input, program.input.shape)
    var trains: [EventTrain] = []
    var outcome = Outcome(populations: populations.count)
    for (index, population) in populations.enumerated() {
      var life = PopulationLife(population, shape: program.populations[index].shape)
      life.recording = records != nil
      let train = life.run(sources: trains, input: current, program, clock)
      outcome.add(life, train, population, trains, current, program)
      records?(life.records)
      states?(life.state(train))
      if index == program.readout.population {
        outcome.scores = life.scores(program.readout.decoding)
      }
      trains.append(train)
    }
    return outcome
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
