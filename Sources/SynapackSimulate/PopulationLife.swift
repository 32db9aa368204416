internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackTensor

/// What one population does with one sample, whatever the kernel.
struct PopulationLife {
  let population: CompiledPopulation
  let shape: Shape

  /// Runs every tick of the population's life by events, and shows each where asked to.
  func run(
    _ own: inout PopulationScratch, sources: [PopulationScratch], _ current: EventTrain,
    _ program: SpikingProgram, _ clock: Clock, visit: ((EventWalk, Range<Int>) -> Void)?
  ) {
    let varies = program.input.encoding.varies
    var walk = EventWalk(
      population, shape: shape,
      currents: Currents(population, input: varies ? EventTrain() : current))
    let times = population.times
    for tick in times.begins..<times.ends {
      let biased = (times.biasFrom..<times.biasFrom + program.timesteps).contains(tick)
      walk.start(biased: biased, current: tick < program.inputTicks)
      for connection in population.connections {
        guard let (train, sent) = heard(connection, in: tick, sources, current, program, clock)
        else { continue }
        let range = train.range(sent)
        if !range.isEmpty { walk.scatter(connection, train.events, range) }
      }
      for (side, source) in zip(CompensatedNeurons.Side.allCases, operands) {
        guard let train = sources[source].events else { continue }
        let sent = tick - program.schedule.travel - clock.populations[source].opens
        walk.hear(side, train.events[train.range(sent)])
      }
      let fired = walk.finish(
        heard: min(max(tick - times.biasFrom + 1, 1), program.timesteps),
        own: tick >= times.opens ? tick - times.opens + 1 : nil)
      visit?(walk, fired)
    }
    walk.leave(&own)
  }

  /// The train that a connection brings, and which of its ticks arrives now; `nil` for none.
  private func heard(
    _ connection: CompiledConnection, in tick: Int, _ sources: [PopulationScratch],
    _ current: EventTrain, _ program: SpikingProgram, _ clock: Clock
  ) -> (train: EventTrain, tick: Int)? {
    switch connection.source {
    case .input: return program.input.encoding.varies ? (current, tick) : nil
    case .population(let source):
      guard let train = sources[source].events else { return nil }
      return (train, tick - program.schedule.travel - clock.populations[source].opens)
    }
  }

  /// The populations whose running sums are multiplied.
  private var operands: [Int] { population.compensation?.operands ?? [] }

  /// The sum of each neuron's payloads, channels last.
  private func totals(_ sent: PopulationScratch) -> [Int64] {
    // Of payloads 0 and 1, lanes count the events alone.
    let isBinary = population.behaviour?.payloads == 0...1
    return (isBinary ? sent.spikes : sent.totals).map(Int64.init)
  }

  /// The state after the last tick.
  func state(_ sent: PopulationScratch) -> PopulationState {
    PopulationState(
      payloads: ChannelsLast.to(totals(sent), shape),
      membranes: ChannelsLast.to(sent.membranes, shape))
  }

  /// The scores of a readout, in the order of the population's shape.
  func scores(_ decoding: OutputDecoding, _ sent: PopulationScratch) -> [Int64] {
    switch decoding {
    case .membrane: ChannelsLast.to(sent.membranes.map(Int64.init), shape)
    case .count: ChannelsLast.to(totals(sent), shape)
    }
  }
}
