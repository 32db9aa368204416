import SynapackProgram
import SynapackSimulate
import SynapackTensor
import TestSupport
import Testing

/// The simulator against the slow reference, bit for bit.
struct SimulatorTests {
  @Test(arguments: 0..<400)
  func agreesWithTheReference(seed: Int) throws {
    var random = RandomProgram(seed: UInt64(seed))
    let program = try random.next()
    let sample = random.sample(for: program)
    let expected = ReferenceSimulator(program: program).run(sample.map(Int.init))
    let vector = try Simulator(program).record(sample)
    #expect(vector.scores == expected.scores, "seed \(seed)")
    #expect(try Simulator(program).run(sample).scores == expected.scores, "seed \(seed)")
    for (index, records) in vector.populations.enumerated() {
      let ticks = expected.begins[index]..<expected.ends[index]
      #expect(records.count == ticks.count, "seed \(seed), population \(index)")
      for (record, tick) in zip(records, ticks) {
        let payloads = expected.payloads[index][tick]
        let place: Comment = "seed \(seed), population \(index), tick \(tick)"
        #expect(record.spikes == payloads.count { $0 != 0 }, place)
        #expect(record.payload == payloads.reduce(0, +), place)
        #expect(record.membraneChecksum == crc(expected.membranes[index][tick]), place)
      }
    }
  }

  /// Layer after layer for all inputs at once gives what one input after another gives.
  @Test(arguments: 0..<200)
  func examinationsAreThoseOfSingleRuns(seed: Int) throws {
    var random = RandomProgram(seed: UInt64(seed) + 60_000, compensates: seed % 3 == 0)
    let program = try random.next()
    let samples = (0..<3).map { _ in random.sample(for: program) }
    let simulator = try Simulator(program)
    let seen = try Examination.all(of: program, inputs: samples, threads: 2)
    #expect(try seen.map(\.record) == samples.map { try simulator.record($0) }, "seed \(seed)")
    for (sample, examination) in zip(samples, seen) {
      let states = ReferenceSimulator(program: program).run(sample.map(Int.init))
      for (index, population) in program.populations.enumerated() {
        let life = states.membranes[index][states.begins[index]..<states.ends[index]]
        let limits = [Int(population.membrane.lowerBound), Int(population.membrane.upperBound)]
        let count = (0..<population.shape.count).count { neuron in
          life.contains { limits.contains($0[neuron]) }
        }
        #expect(examination.saturated[index] == count, "seed \(seed), population \(index)")
      }
    }
    #expect(try Examination.all(of: program, inputs: [], threads: 2).isEmpty)
  }

  /// Every kernel in turn ends in the reference's state; each simulator runs three samples, so
  /// that nothing of one is left to the next.
  @Test(arguments: 0..<400, SimulationKernel.allCases)
  func everyKernelAgreesWithTheReference(seed: Int, kernel: SimulationKernel) throws {
    var random = RandomProgram(seed: UInt64(seed) + 20_000)
    let program = try random.next()
    let simulator = try Simulator(program, kernel: kernel)
    let byEvents = try Simulator(program, kernel: .events)
    for _ in 0..<3 {
      let sample = random.sample(for: program)
      let expected = ReferenceSimulator(program: program).run(sample.map(Int.init))
      let outcome = try simulator.run(sample)
      #expect(outcome.scores == expected.scores, "seed \(seed), \(kernel)")
      #expect(outcome == (try byEvents.run(sample)), "seed \(seed), \(kernel)")
      for (index, state) in try simulator.finalStates(sample).enumerated() {
        let place: Comment = "seed \(seed), \(kernel), population \(index)"
        let sent = expected.payloads[index]
        let sums = expected.membranes[index][0].indices.map { neuron in
          Int64(sent.reduce(0) { $0 + $1[neuron] })
        }
        #expect(state.payloads == sums, place)
        #expect(
          state.membranes == expected.membranes[index][expected.ends[index] - 1].map(Int32.init),
          place)
        #expect(outcome.spikes[index] == sent.reduce(0) { $0 + $1.count { $0 != 0 } }, place)
        #expect(
          outcome.payload[index] == sent.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } }, place)
      }
    }
  }

  @Test(arguments: 0..<60)
  func countsOperations(seed: Int) throws {
    var random = RandomProgram(seed: UInt64(seed) + 10_000)
    let program = try random.next()
    let sample = random.sample(for: program)
    let expected = ReferenceSimulator(program: program).run(sample.map(Int.init))
    let outcome = try Simulator(program).run(sample)
    var additions = 0
    var multiplications = 0
    for connection in program.connections {
      let fanOut = try program.referenceFanOut(of: connection)
      switch connection.source {
      case .input:
        switch program.input.encoding {
        case .constantCurrent:
          for (payload, reached) in zip(sample, fanOut) where payload != 0 {
            multiplications += reached * (program.input.ticks ?? program.timesteps)
          }
        case .poisson, .events:
          let isUnit = program.input.encoding.payloads.upperBound == 1
          for (place, payload) in sample.enumerated() where payload != 0 {
            additions += isUnit ? fanOut[place % fanOut.count] : 0
            multiplications += isUnit ? 0 : fanOut[place % fanOut.count]
          }
        }
      case .population(let source):
        let payloads = program.populations[source].payloads
        for tick in expected.payloads[source] {
          for (payload, reached) in zip(tick, fanOut) where payload != 0 {
            if payloads.lowerBound >= -1, payloads.upperBound <= 1 {
              additions += reached
            } else {
              multiplications += reached
            }
          }
        }
      }
    }
    #expect(outcome.effectiveACs == additions, "seed \(seed)")
    #expect(outcome.effectiveMACs == multiplications, "seed \(seed)")
  }

  /// CRC-32 bit by bit, from the polynomial alone.
  private func crc(_ membranes: [Int]) -> UInt32 {
    var crc = UInt32.max
    for membrane in membranes {
      let bits = UInt32(bitPattern: Int32(membrane))
      for shift in [0, 8, 16, 24] as [UInt32] {
        crc ^= bits >> shift & 0xFF
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
    }
    return ~crc
  }
}
