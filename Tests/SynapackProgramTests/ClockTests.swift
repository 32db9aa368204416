import SynapackProgram
import SynapackTensor
import Testing

/// The clock against times worked out by hand.
struct ClockTests {
  /// input → a → b → c, with b also heard by c over a shortcut from a.
  private func residual(_ schedule: Schedule, timesteps: Int) throws -> Clock {
    let shape = try Shape([1])
    func link(_ source: Source, _ target: Int) throws -> Connection {
      Connection(
        source: source, target: target,
        synapses: .dense(IntegerWeights(shape: try Shape([1, 1]), values: [1])), weightBits: 8)
    }
    func population(_ name: String, _ model: NeuronModel) -> Population {
      Population(
        name: name, shape: shape, model: model, thresholds: Parameter([1]),
        biases: Parameter([0]), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 16), biasBits: 8)
    }
    let fires = NeuronModel.integrateAndFire(FiringBehaviour(payloads: 0...1))
    let program = SpikingProgram(
      timesteps: timesteps, schedule: schedule,
      input: InputPort(
        name: "x", shape: shape, encoding: .constantCurrent(bits: 8, signed: true, scale: 1)),
      populations: [
        population("a", fires), population("b", fires), population("c", fires),
        population("out", .integrator),
      ],
      connections: [
        try link(.input, 0), try link(.population(0), 1), try link(.population(0), 2),
        try link(.population(1), 2), try link(.population(2), 3),
      ],
      readout: Readout(population: 3, decoding: .membrane, unit: 1))
    try program.verify()
    return Clock(program)
  }

  /// begins, opens, ends and biasFrom of each population.
  private func times(_ clock: Clock) -> [[Int]] {
    clock.populations.map { [$0.begins, $0.opens, $0.ends, $0.biasFrom] }
  }

  @Test func wavefrontHasNoDelay() throws {
    let clock = try residual(.wavefront, timesteps: 4)
    #expect(times(clock) == [[0, 0, 4, 0], [0, 0, 4, 0], [0, 0, 4, 0], [0, 0, 4, 0]])
    #expect(clock.latency == 4)
  }

  @Test func tickDelaysEachLayerByOne() throws {
    let clock = try residual(.tick, timesteps: 4)
    #expect(times(clock) == [[0, 0, 4, 0], [1, 1, 5, 1], [1, 2, 6, 2], [3, 3, 7, 3]])
    #expect(clock.latency == 7)
  }

  @Test func staggeredOpensLaterAndListensBefore() throws {
    let clock = try residual(.staggered(2), timesteps: 4)
    #expect(times(clock) == [[0, 0, 4, 0], [0, 2, 6, 0], [0, 4, 8, 2], [4, 6, 8, 4]])
    #expect(clock.latency == 8)
  }

  @Test func accumulateWaitsForTheWholeInput() throws {
    let clock = try residual(.accumulate, timesteps: 4)
    #expect(times(clock) == [[0, 0, 4, 0], [0, 4, 8, 0], [0, 8, 12, 4], [8, 12, 12, 8]])
    #expect(clock.latency == 12)
  }

  @Test(arguments: [
    Schedule.wavefront, .tick, .accumulate, .staggered(0), .staggered(7), .staggered(1024),
  ])
  func schedulesAreReadAsTheyAreWritten(schedule: Schedule) {
    #expect(Schedule(schedule.description) == schedule)
  }

  @Test(arguments: [
    "", "Wavefront", "staggered", "staggered:", "staggered:-1", "staggered:1025", "tick:1",
  ])
  func otherSchedulesAreRefused(text: String) {
    #expect(Schedule(text) == nil)
  }
}
