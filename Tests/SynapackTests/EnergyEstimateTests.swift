import Synapack
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What an inference costs under published costs.
struct EnergyEstimateTests {
  /// Three inputs of 4 bits, two neurons, one readout: 6 products behind the input, 2 behind neurons.
  private static func program(timesteps: Int = 5) throws -> SpikingProgram {
    let neuron = Population(
      name: "hidden", shape: try Shape([2]),
      model: .integrateAndFire(FiringBehaviour(payloads: 0...1)),
      thresholds: Parameter([4]), biases: Parameter([0]), initial: Parameter([2]),
      membrane: Population.membraneRange(bits: 16), biasBits: 8)
    let readout = Population(
      name: "scores", shape: try Shape([1]), model: .integrator, thresholds: Parameter([1]),
      biases: Parameter([0]), initial: Parameter([0]),
      membrane: Population.membraneRange(bits: 16), biasBits: 8)
    func connection(
      _ source: Source, _ target: Int, _ shape: [Int], _ bits: Int
    ) throws -> Connection {
      let weights = IntegerWeights(
        shape: try Shape(shape), values: Array(repeating: 1, count: shape.reduce(1, *)))
      return Connection(
        source: source, target: target, synapses: .dense(weights), weightBits: bits)
    }
    let program = SpikingProgram(
      timesteps: timesteps, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([3]),
        encoding: .constantCurrent(bits: 4, signed: false, scale: 1)),
      populations: [neuron, readout],
      connections: [
        try connection(.input, 0, [2, 3], 8), try connection(.population(0), 1, [1, 2], 4),
      ], readout: Readout(population: 1, decoding: .membrane, unit: 1))
    try program.verify()
    return program
  }

  private func table(_ id: String) throws -> CostTable {
    try #require(CostTables.all.first { $0.id == id })
  }

  @Test func floatTableIsTheClaimOfPapers() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let estimate = work.estimate(
      try table("float-45nm"), ticks: 5, additions: 7, multiplications: 30)
    #expect(abs(estimate.spiking - (7 * 0.9 + 30 * 4.6)) < 1e-9)
    #expect(abs((estimate.dense ?? 0) - 8 * 4.6) < 1e-9)
    #expect(estimate.spikesPerSynapse == 3.5 && estimate.unpriced == 0)
  }

  @Test func integersCostByTheirWidths() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let estimate = work.estimate(
      try table("int-45nm"), ticks: 5, additions: 7, multiplications: 30)
    // Behind the input 8 by 4 bits; T = 5 tells six values apart, 3 bits, with weights of 4.
    #expect(estimate.activationBits == 3)
    let input = 0.1 + 0.2 * 8 * 4 / 64
    #expect(abs(estimate.spiking - (7 * 0.1 + 30 * input)) < 1e-9)
    #expect(abs((estimate.dense ?? 0) - (6 * input + 2 * (0.1 + 0.2 * 4 * 3 / 64))) < 1e-9)
  }

  @Test func memoryIsReadForWeightsAndStates() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let bit = 20.0 / 64
    let estimate = work.estimate(
      try table("int-45nm-memory"), ticks: 5, additions: 7, multiplications: 30)
    let spikes = 7 * (0.1 + 4 * bit) + 30 * (0.1 + 0.1 + 8 * bit)
    #expect(abs(estimate.spiking - (spikes + 3 * 5 * 2 * 16 * bit)) < 1e-9)
  }

  @Test func aChipThatCannotMultiplyLeavesTheInputOut() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let estimate = work.estimate(
      try table("loihi"), ticks: 5, additions: 7, multiplications: 30)
    #expect(estimate.dense == nil && estimate.breakEven == nil && estimate.unpriced == 30)
    #expect(abs(estimate.spiking - (7 * 23.6 + 3 * 5 * 81)) < 1e-9)
  }

  @Test(arguments: ["float-45nm", "int-45nm", "int-45nm-memory"])
  func atTheBreakEvenBothCostTheSame(id: String) throws {
    let work = ProgramWork(try EnergyEstimateTests.program(timesteps: 31))
    let (table, products) = (try table(id), 2.0)
    let first = work.estimate(table, ticks: 1, additions: 0, multiplications: products)
    let spikes = try #require(first.breakEven) * 2
    let second = work.estimate(table, ticks: 1, additions: spikes, multiplications: products)
    #expect(abs(second.spiking - (second.dense ?? 0)) < 1e-9)
    #expect(abs(second.spikesPerSynapse - (second.breakEven ?? 0)) < 1e-9)
  }

  @Test func everyTableHasItsSourceAndItsOwnName() {
    #expect(Set(CostTables.all.map(\.id)).count == CostTables.all.count)
    #expect(CostTables.all.allSatisfy { !$0.source.isEmpty && !$0.counts.isEmpty })
  }
}
