import Synapack
import SynapackConvert
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What an inference costs under published costs.
struct EnergyEstimateTests {
  /// Three inputs of 4 bits, two neurons, one readout: 6 products behind the input, 2 behind neurons.
  /// Each further layer has one neuron, between these and the readout.
  private static func program(
    layers: Int = 1, timesteps: Int = 5, schedule: Schedule = .wavefront,
    payloads: ClosedRange<Int> = 0...1,
    input: InputEncoding = .constantCurrent(bits: 4, signed: false, scale: 1)
  ) throws -> SpikingProgram {
    let neuron = Population(
      name: "hidden", shape: try Shape([2]),
      model: .integrateAndFire(FiringBehaviour(payloads: payloads)),
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
    var populations = [neuron]
    var connections = [try connection(.input, 0, [2, 3], 8)]
    for index in 1..<layers + 1 {
      var next = index < layers ? neuron : readout
      next.name += "\(index)"
      next.shape = try Shape([1])
      populations.append(next)
      let sources = populations[index - 1].shape.count
      connections.append(try connection(.population(index - 1), index, [1, sources], 4))
    }
    let program = SpikingProgram(
      timesteps: timesteps, schedule: schedule,
      input: InputPort(name: "x", shape: try Shape([3]), encoding: input),
      populations: populations, connections: connections,
      readout: Readout(population: layers, decoding: .membrane, unit: 1))
    try program.verify()
    return program
  }

  /// Seven additions by what neurons send and thirty multiplications by the input.
  private static let operations = ProgramWork.Operations(
    input: 30, additions: 7, multiplications: 0)

  /// Hardware of events alone has no price for an operator's own products.
  @Test func productsOfOperatorsAreNotFree() throws {
    let work = ProgramWork(try Self.program())
    var operations = Self.operations
    operations.multiplications = 1
    let estimate = work.estimate(try table("truenorth"), ticks: 5, operations)
    #expect(estimate.spiking == .notComputed)
    #expect(estimate.json.member("spikingPicojoules") == .null)
    #expect(estimate.json.member("notCarried") == estimate.spiking.reason.map(JSON.string))
    #expect(estimate.spiking.reason != nil)
  }

  private func table(_ id: String) throws -> CostTable {
    try #require(CostTables.all.first { $0.id == id })
  }

  private func pJ(_ estimate: EnergyEstimate) -> Double {
    estimate.spiking.picojoules ?? .nan
  }

  @Test func floatTableIsTheClaimOfPapers() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let estimate = work.estimate(
      try table("float-45nm"), ticks: 5, EnergyEstimateTests.operations)
    #expect(abs(pJ(estimate) - (7 * 0.9 + 30 * 4.6)) < 1e-9)
    #expect(abs((estimate.dense ?? 0) - 8 * 4.6) < 1e-9)
    #expect(estimate.spikesPerSynapse == 3.5 && estimate.unpriced == 0)
  }

  @Test func integersCostByTheirWidths() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let estimate = work.estimate(
      try table("int-45nm"), ticks: 5, EnergyEstimateTests.operations)
    // Behind the input 8 by 4 bits; T = 5 tells six values apart, 3 bits, with weights of 4.
    #expect(estimate.activationBits == 3)
    let input = 0.1 + 0.2 * 8 * 4 / 64
    #expect(abs(pJ(estimate) - (7 * 0.1 + 30 * input)) < 1e-9)
    #expect(abs((estimate.dense ?? 0) - (6 * input + 2 * (0.1 + 0.2 * 4 * 3 / 64))) < 1e-9)
  }

  @Test func memoryIsReadForWeightsAndStates() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let bit = 20.0 / 64
    let estimate = work.estimate(
      try table("int-45nm-memory"), ticks: 5, EnergyEstimateTests.operations)
    let spikes = 7 * (0.1 + 4 * bit) + 30 * (0.1 + 0.1 + 8 * bit)
    #expect(abs(pJ(estimate) - (spikes + 3 * 5 * 2 * 16 * bit)) < 1e-9)
  }

  /// Under a stagger the later of two layers listens before its window opens, and that costs too.
  @Test func neuronsCostWhileTheyAreAwake() throws {
    let program = try EnergyEstimateTests.program(layers: 2, schedule: .staggered(3))
    let nothing = ProgramWork.Operations(input: 0, additions: 0, multiplications: 0)
    func updates(_ ticks: Double) throws -> Double {
      pJ(ProgramWork(program).estimate(try table("loihi"), ticks: ticks, nothing)) / 81
    }
    // Two neurons for 5 ticks; one that hears from tick 0 and may fire in 3 ..< 8; the readout 3 ..< 8.
    #expect(try updates(5) == 2 * 5 + 8 + 5)
    // Stopped before tick 3 + 2.
    #expect(try updates(2) == 2 * 5 + 5 + 2)
  }

  @Test func aChipThatCannotMultiplyLeavesTheInputOut() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let estimate = work.estimate(
      try table("loihi"), ticks: 5, EnergyEstimateTests.operations)
    #expect(estimate.dense == nil && estimate.breakEven == .notCompared && estimate.unpriced == 30)
    #expect(abs(pJ(estimate) - (7 * 23.6 + 3 * 5 * 81)) < 1e-9)
  }

  /// Spikes and wide payloads, of which each operation is a product.
  @Test(arguments: ["float-45nm", "int-45nm", "int-45nm-memory"], [0...1, 0...7])
  func atTheBreakEvenBothCostTheSame(id: String, payloads: ClosedRange<Int>) throws {
    let work = ProgramWork(
      try EnergyEstimateTests.program(timesteps: 31, payloads: payloads))
    let (table, wide) = (try table(id), payloads.upperBound > 1)
    func estimate(_ sent: Double) -> EnergyEstimate {
      work.estimate(
        table, ticks: 0,
        .init(input: 2, additions: wide ? 0 : sent, multiplications: wide ? sent : 0))
    }
    guard case .spikesPerSynapse(let spikes) = estimate(0).breakEven else {
      Issue.record("no break-even")
      return
    }
    let second = estimate(spikes * 2)
    #expect(abs(pJ(second) - (second.dense ?? 0)) < 1e-9)
    #expect(abs(second.spikesPerSynapse - spikes) < 1e-9)
  }

  /// Wide payloads cost products of their own width, not of the input's.
  @Test func whatNeuronsSendIsPricedByItsWidth() throws {
    let work = ProgramWork(try EnergyEstimateTests.program(payloads: 0...255))
    let estimate = work.estimate(
      try table("int-45nm"), ticks: 5, .init(input: 30, additions: 0, multiplications: 6))
    let (input, sent) = (0.1 + 0.2 * 8 * 4 / 64, 0.1 + 0.2 * 4 * 8 / 64)
    #expect(abs(pJ(estimate) - (30 * input + 6 * sent)) < 1e-9)
    #expect(estimate.spikesPerSynapse == 3)
  }

  /// Payloads that are sent as several events cost an addition each, and so does what breaks even.
  @Test(arguments: [PayloadCoding.units, .powers])
  func severalEventsCostAdditions(coding: PayloadCoding) throws {
    let work = ProgramWork(try EnergyEstimateTests.program(payloads: 0...15), coding)
    let table = try table("int-45nm")
    let estimate = work.estimate(
      table, ticks: 5, .init(input: 30, additions: 9, multiplications: 0))
    let input = 0.1 + 0.2 * 8 * 4 / 64
    #expect(abs(pJ(estimate) - (30 * input + 9 * 0.1)) < 1e-9)
    #expect(estimate.spikesPerSynapse == 4.5)
    let silent = work.estimate(table, ticks: 5, .init(input: 30, additions: 0, multiplications: 0))
    #expect(silent.breakEven == estimate.breakEven)
  }

  @Test(arguments: ["loihi", "truenorth", "odin"])
  func aChipOfEventsHasNoPriceForPayloads(id: String) throws {
    let operations = ProgramWork.Operations(input: 30, additions: 0, multiplications: 6)
    let wide = ProgramWork(try EnergyEstimateTests.program(payloads: 0...2))
      .estimate(try table(id), ticks: 5, operations)
    #expect(wide.spiking == .notCarried(payloads: 0...2))
    #expect(wide.json.member("spikingPicojoules") == .null)
    #expect(wide.json.member("notCarried")?.string?.contains("0 to 2") == true)
    let signed = ProgramWork(try EnergyEstimateTests.program(payloads: -1...1))
      .estimate(try table(id), ticks: 5, EnergyEstimateTests.operations)
    #expect(signed.spiking.picojoules != nil && signed.json.member("notCarried") == nil)
  }

  /// Spikes of the input are additions that cost what those of neurons do, but with their own weights.
  @Test func anInputOfSpikesIsAdded() throws {
    let work = ProgramWork(
      try EnergyEstimateTests.program(input: .poisson(signed: false, scale: 1, seed: 0)))
    let estimate = work.estimate(
      try table("int-45nm-memory"), ticks: 0, EnergyEstimateTests.operations)
    #expect(abs(pJ(estimate) - (7 * (0.1 + 4 * 0.3125) + 30 * (0.1 + 8 * 0.3125))) < 1e-9)
    #expect(estimate.unpriced == 0)
  }

  /// A document says `null` where the program loses without any spike.
  @Test func neverIsNullAndNothingComparedIsAbsent() throws {
    let work = ProgramWork(try EnergyEstimateTests.program())
    let lost = work.estimate(
      try table("float-45nm"), ticks: 5, .init(input: 9, additions: 0, multiplications: 0))
    #expect(lost.breakEven == .never && lost.json.member("breakEvenSpikesPerSynapse") == .null)
    let alone = work.estimate(try table("odin"), ticks: 5, EnergyEstimateTests.operations)
    #expect(alone.json.member("breakEvenSpikesPerSynapse") == nil)
  }

  /// The clocks of a gated program are in what it costs and in nothing that it is compared with.
  @Test(arguments: ["float-45nm", "int-45nm", "int-45nm-memory"])
  func theDenseNetworkOfAGatedProgramHasNoClocks(id: String) throws {
    let source = try EnergyEstimateTests.program(schedule: .staggered(2))
    let gated = try GatedProgram.gated(source).program
    func estimate(_ program: SpikingProgram) throws -> EnergyEstimate {
      ProgramWork(program).estimate(
        try table(id), ticks: Double(program.timesteps), EnergyEstimateTests.operations)
    }
    let (plain, clocked) = (try estimate(source), try estimate(gated))
    #expect(gated.populations.count > source.populations.count)
    #expect(clocked.dense == plain.dense && clocked.activationBits == plain.activationBits)
    #expect(clocked.spikesPerSynapse == plain.spikesPerSynapse)
  }

  @Test func everyTableHasItsSourceAndItsOwnName() {
    #expect(Set(CostTables.all.map(\.id)).count == CostTables.all.count)
    #expect(CostTables.all.allSatisfy { !$0.source.isEmpty && !$0.counts.isEmpty })
  }
}
