import SynapackProgram
import SynapackSimulate
import TestSupport
import Testing

/// What a payload is sent as, and so what it costs.
struct PayloadCodingTests {
  /// A multi-threshold neuron as its paper has it: thresholds from the largest to the smallest, each
  /// that is reached sends a spike and is subtracted.
  private static func crossings(_ payload: Int) -> Int {
    var (rest, spikes) = (abs(payload), 0)
    for exponent in stride(from: 20, through: 0, by: -1) where rest >= 1 << exponent {
      rest -= 1 << exponent
      spikes += 1
    }
    return spikes
  }

  private static func events(_ payload: Int, _ coding: PayloadCoding) -> Int {
    switch coding {
    case .whole: payload == 0 ? 0 : 1
    case .units: abs(payload)
    case .powers: crossings(payload)
    }
  }

  @Test func everyPayloadIsTheSumOfWhatItIsSentAs() {
    for payload in -16_383...16_383 {
      for coding in PayloadCoding.allCases {
        #expect(coding.events(payload) == PayloadCodingTests.events(payload, coding), "\(payload)")
      }
    }
    // Fifteen is four powers of two; that it is also 16 − 1 makes it no cheaper.
    #expect(PayloadCoding.powers.events(15) == 4 && PayloadCoding.powers.events(-8) == 1)
    // An extreme that no program can send does not trap.
    #expect(PayloadCoding.units.events(.min) == .max && PayloadCoding.powers.events(.min) == 1)
  }

  /// Events and operations of every kernel, counted payload by payload.
  @Test(arguments: 0..<80, PayloadCoding.allCases)
  func everyKernelCountsThem(seed: Int, coding: PayloadCoding) throws {
    var random = RandomProgram(seed: UInt64(seed) + 70_000, compensates: seed % 4 == 0)
    let program = try random.next()
    let sample = random.sample(for: program)
    let expected = ReferenceSimulator(program: program).run(sample.map(Int.init))
    let free = try Simulator(program).run(sample)
    // The input and what operators multiply have nothing to do with the coding.
    let (own, whole) = try (
      operations(program, expected.payloads, coding),
      operations(program, expected.payloads, .whole)
    )
    for kernel in SimulationKernel.allCases {
      let place: Comment = "seed \(seed), \(coding), \(kernel)"
      let simulator = try Simulator(program, coding: coding, kernel: kernel)
      _ = try simulator.run(random.sample(for: program))
      let outcome = try simulator.run(sample)
      #expect(outcome.scores == free.scores && outcome.payload == free.payload, place)
      #expect(outcome.spikes == free.spikes, place)
      for (index, ticks) in expected.payloads.enumerated() {
        let events = ticks.joined().reduce(0) { $0 + PayloadCodingTests.events($1, coding) }
        #expect(outcome.events[index] == events, "\(place), population \(index)")
      }
      #expect(outcome.effectiveACs - free.effectiveACs == own.additions - whole.additions, place)
      #expect(outcome.effectiveMACs - free.effectiveMACs == own.products - whole.products, place)
    }
  }

  /// Additions and multiplications by what neurons send, [populations][ticks][neurons].
  private func operations(
    _ program: SpikingProgram, _ payloads: [[[Int]]], _ coding: PayloadCoding
  ) throws -> (additions: Int, products: Int) {
    var (additions, products) = (0, 0)
    for connection in program.connections {
      guard case .population(let source) = connection.source else { continue }
      let range = program.populations[source].payloads
      let carriesValue = coding == .whole && (range.lowerBound < -1 || range.upperBound > 1)
      let fanOut = try program.referenceFanOut(of: connection)
      for tick in payloads[source] {
        for (payload, reached) in zip(tick, fanOut) {
          let operations = reached * PayloadCodingTests.events(payload, coding)
          if carriesValue { products += operations } else { additions += operations }
        }
      }
    }
    return (additions, products)
  }
}
