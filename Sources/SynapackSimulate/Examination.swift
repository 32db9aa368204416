public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// What one input shows of a program.
public struct Examination: Sendable, Hashable {
  /// As ``Simulator/record(_:)`` gives it.
  public var record: ConformanceVector
  /// For each population, the neurons whose membrane stood at its floor or ceiling after some tick.
  public var saturated: [Int]
}

extension Examination {
  /// Runs all inputs through one population after another, so that no more than the weights of one
  /// population are laid out at a time.
  ///
  /// - Throws: what ``SpikingProgram/verify()`` throws, and `SYN0012` where an input does not fit.
  public static func all(
    of program: SpikingProgram, inputs: [[Int32]], threads: Int
  ) throws(PackError) -> [Examination] {
    try program.verify()
    for input in inputs { try Simulator.check(input, of: program) }
    let clock = Clock(program)
    let bounds = try program.inputBounds()
    let lastHeard = lastHeard(program)
    var samples = inputs.map { Sample($0, program) }
    for index in program.populations.indices where !samples.isEmpty {
      let population = CompiledPopulation(
        index, of: program, clock, bound: bounds[index], eventsOnly: true)
      let before = samples
      samples = try parallelUnits(count: before.count, threads: threads) {
        (place) throws(PackError) -> Sample in
        var sample = before[place]
        sample.live(index, population, program, clock)
        for source in 0...index where lastHeard[source] <= index {
          sample.sent[source] = PopulationScratch()
        }
        return sample
      }
    }
    return samples.map(\.examination)
  }

  /// For each population the last one that hears it.
  private static func lastHeard(_ program: SpikingProgram) -> [Int] {
    var last = Array(repeating: 0, count: program.populations.count)
    for connection in program.connections {
      if case .population(let source) = connection.source {
        last[source] = max(last[source], connection.target)
      }
    }
    for (index, population) in program.populations.enumerated() {
      for operand in population.operands { last[operand] = max(last[operand], index) }
    }
    return last
  }
}

/// One input on its way through the populations.
private struct Sample: Sendable {
  let current: EventTrain
  /// What each population sent, as long as somebody still hears it.
  var sent: [PopulationScratch]
  var examination: Examination

  init(_ input: [Int32], _ program: SpikingProgram) {
    current = EventTrain(input: input, program.input.shape)
    sent = program.populations.map { _ in PopulationScratch() }
    examination = Examination(
      record: ConformanceVector(input: input, populations: [], scores: []), saturated: [])
  }

  mutating func live(
    _ index: Int, _ population: CompiledPopulation, _ program: SpikingProgram, _ clock: Clock
  ) {
    let shape = program.populations[index].shape
    let limits = program.populations[index].membrane
    let isReadout = index == program.readout.population
    var records: [TickRecord] = []
    var isAtLimit = Array(repeating: false, count: shape.count)
    var trace = ReadoutTrace(program)
    var own = PopulationScratch()
    let life = PopulationLife(population: population, shape: shape)
    life.run(&own, sources: sent, current, program, clock) { walk, fired in
      records.append(walk.record(fired))
      for (neuron, membrane) in walk.ordered.enumerated()
      where membrane == limits.lowerBound || membrane == limits.upperBound {
        isAtLimit[neuron] = true
      }
      if isReadout { trace.add(walk, fired) }
    }
    examination.record.populations.append(records)
    examination.saturated.append(isAtLimit.count { $0 })
    if isReadout {
      examination.record.scores =
        program.readout.discards > 0
        ? trace.scores.last ?? [] : life.scores(program.readout.decoding, own)
    }
    sent[index] = own
  }
}
