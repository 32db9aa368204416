import SynapackProgram
import SynapackSimulate
import SynapackTensor
import TestSupport
import Testing

/// Operators on running means, bit for bit against the slow reference.
struct CompensatedTests {
  @Test(arguments: 0..<600)
  func agreesWithTheReference(seed: Int) throws {
    var random = RandomProgram(seed: UInt64(seed) + 30_000, compensates: true)
    let program = try random.next()
    for kernel in SimulationKernel.allCases {
      let simulator = try Simulator(program, kernel: kernel)
      let sample = random.sample(for: program)
      let expected = ReferenceSimulator(program: program).run(sample.map(Int.init))
      let outcome = try simulator.run(sample)
      #expect(outcome.scores == expected.scores, "seed \(seed), \(kernel)")
      for (index, state) in try simulator.finalStates(sample).enumerated() {
        let sent = expected.payloads[index]
        let sums = state.payloads.indices.map { neuron in
          Int64(sent.reduce(0) { $0 + $1[neuron] })
        }
        let place: Comment = "seed \(seed), \(kernel), population \(index)"
        #expect(state.payloads == sums, place)
        #expect(
          state.membranes == expected.membranes[index][expected.ends[index] - 1].map(Int32.init),
          place)
      }
    }
  }

  /// Every function and both drives are among the random programs.
  @Test func randomProgramsReachEveryOperator() throws {
    var seen: Set<String> = []
    for seed in 0..<200 {
      var random = RandomProgram(seed: UInt64(seed) + 30_000, compensates: true)
      for population in try random.next().populations {
        guard case .compensated(let compensation) = population.model else { continue }
        let isDriven = compensation.operands.isEmpty
        seen.insert("\(compensation.function.name) \(isDriven ? "synapses" : "product")")
      }
    }
    #expect(seen.count == 8)
  }

  /// What the last tick leaves sent is the operator of the mean, whatever came in between.
  @Test(arguments: [Schedule.wavefront, .tick, .staggered(2), .accumulate])
  func theSumOfPayloadsIsTheOperatorOfTheMean(schedule: Schedule) throws {
    let program = try CompensatedTests.square(schedule, payloads: -255...255)
    for input in [0, 1, 7, 100, 255] as [Int32] {
      let state = try Simulator(program).finalStates([input])
      let first = state[0].payloads[0]
      // Σ = ⌊(8·first)·(first)… ⌋: the product of the sums over T ticks, by the threshold 64.
      let mean = Double(first) / 8
      #expect(abs(Double(state[1].payloads[0]) / 8 - mean * mean / 64) <= 1.0 / 8)
    }
  }

  @Test func operatorsCountAsMultiplications() throws {
    let program = try CompensatedTests.square(.wavefront, payloads: -255...255)
    let outcome = try Simulator(program).run([0])
    // One term and one neuron's own unit, in each of 8 ticks; silent sources change nothing.
    #expect(outcome.effectiveMACs == 16)
    #expect(program.denseOperationsPerTick == 1 + 2)
  }

  /// A neuron that passes its input on, and one that squares it.
  static func square(
    _ schedule: Schedule, payloads: ClosedRange<Int>
  ) throws -> SpikingProgram {
    let one = try Shape([1])
    let operand = Operand(source: 0, offset: 0, perMatrix: 0, perLine: 0, perTerm: 0)
    func population(_ name: String, _ model: NeuronModel, _ threshold: Int32) -> Population {
      Population(
        name: name, shape: one, model: model, thresholds: Parameter([threshold]),
        biases: Parameter([0]), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 32), biasBits: 16)
    }
    return SpikingProgram(
      timesteps: 8, schedule: schedule,
      input: InputPort(
        name: "x", shape: one, encoding: .constantCurrent(bits: 8, signed: false, scale: 1)),
      populations: [
        population("pass", .integrateAndFire(FiringBehaviour(payloads: payloads)), 2),
        population(
          "square",
          .compensated(
            Compensation(
              payloads: -32_767...32_767,
              drive: .product(
                OperandProduct(
                  batch: 1, rows: 1, columns: 1, inner: 1, isColumnMajor: false, left: operand,
                  right: operand)), function: .identity)), 64),
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .dense(IntegerWeights(shape: try Shape([1, 1]), values: [2])), weightBits: 4)
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
  }
}
