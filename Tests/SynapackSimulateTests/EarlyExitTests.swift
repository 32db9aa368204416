import SynapackProgram
import SynapackSimulate
import SynapackTensor
import TestSupport
import Testing

/// Stopping a sample early, against the slow reference cut off at the same tick.
struct EarlyExitTests {
  @Test(arguments: 0..<300, [SimulationKernel.events, .portableLanes, .automatic])
  func stopsWhereTheRuleSaysAndCountsWhatRan(seed: Int, kernel: SimulationKernel) throws {
    var random = RandomProgram(seed: UInt64(seed) + 30_000)
    let program = try random.next()
    let sample = random.sample(for: program)
    let reference = ReferenceSimulator(program: program)
    let whole = reference.run(sample.map(Int.init))
    let outcome = try Simulator(program, kernel: kernel).decide(sample)
    let stop = expectedStop(program, reference, whole)
    #expect(outcome.ticks == stop, "seed \(seed)")
    #expect(outcome.scores == reference.scores(after: stop, whole), "seed \(seed)")
    let end = whole.ends[program.readout.population] - program.timesteps + stop
    // Every neuron can fire in T ticks, or in those of them that begin before the end.
    let ticks = program.populations.indices.map { index in
      let opens = whole.ends[index] - program.timesteps
      return stop < program.timesteps
        ? min(program.timesteps, max(0, end - opens)) : program.timesteps
    }
    let firing = program.populations.indices.filter { program.populations[$0].payloads != 0...0 }
    let neuronTicks = firing.reduce(0) { $0 + ticks[$1] * program.populations[$1].shape.count }
    #expect(outcome.neuronTicks == neuronTicks, "seed \(seed)")
    for (index, sent) in whole.payloads.enumerated() {
      // Without a stop a population that the readout does not wait for runs to its own end.
      let ran = stop < program.timesteps ? Array(sent.prefix(end)) : sent
      #expect(
        outcome.spikes[index] == ran.reduce(0) { $0 + $1.count { $0 != 0 } },
        "seed \(seed), population \(index)")
    }
  }

  private func expectedStop(
    _ program: SpikingProgram, _ reference: ReferenceSimulator, _ result: ReferenceSimulator.Result
  ) -> Int {
    guard let exit = program.readout.exit else { return program.timesteps }
    for tick in program.readout.discards + 1..<program.timesteps + 1 {
      let scores = reference.scores(after: tick, result).sorted(by: >)
      let measure = exit.measure == .level ? scores[0] : scores[0] - scores[1]
      if measure >= exit.limits[tick - 1] { return tick }
    }
    return program.timesteps
  }

  @Test func theRandomProgramsDoStopEarly() throws {
    var early = 0
    for seed in 0..<300 {
      var random = RandomProgram(seed: UInt64(seed) + 30_000)
      let program = try random.next()
      let outcome = try Simulator(program).decide(random.sample(for: program))
      early += outcome.ticks < program.timesteps ? 1 : 0
    }
    #expect(early > 20)
  }
}
