import SynapackProgram
import SynapackSimulate
import SynapackTensor
import TestSupport
import Testing

/// What an event of each neuron reaches, by the operations that runs report.
struct FanOutTests {
  /// Events times fan-outs are the operations, wherever no neuron sends twice in a tick.
  @Test func eventsTimesFanOutsAreTheOperations() throws {
    var compared = 0
    for seed in 0..<300 {
      var random = RandomProgram(seed: UInt64(seed) + 7_000)
      let program = try random.next()
      guard
        program.populations.allSatisfy({
          $0.model == .integrator || $0.payloads == 0...1
        })
      else { continue }
      let sample = random.sample(for: program)
      let simulator = try Simulator(program)
      let outcome = try simulator.run(sample)
      var operations = 0
      for (index, state) in try simulator.finalStates(sample).enumerated()
      where program.populations[index].model != .integrator {
        let fanOut = simulator.fanOut(of: index)
        try #require(fanOut.count == state.payloads.count)
        for (payloads, reached) in zip(state.payloads, fanOut) {
          operations += Int(payloads) * Int(reached)
        }
      }
      compared += operations > 0 ? 1 : 0
      #expect(
        operations == outcome.effectiveACs + outcome.effectiveMACs - outcome.inputOperations,
        "seed \(seed)")
    }
    #expect(compared > 10)
  }

  /// Neuron by neuron, by pushing one payload at a time through all connections.
  @Test(arguments: 0..<40) func fanOutsAreThoseOfTheReference(seed: Int) throws {
    var random = RandomProgram(seed: UInt64(seed) + 8_000)
    let program = try random.next()
    let simulator = try Simulator(program)
    for (index, population) in program.populations.enumerated() {
      var expected = Array(repeating: 0, count: population.shape.count)
      for connection in program.connections where connection.source == .population(index) {
        for (neuron, count) in try program.referenceFanOut(of: connection).enumerated() {
          expected[neuron] += count
        }
      }
      #expect(simulator.fanOut(of: index).map(Int.init) == expected, "seed \(seed), \(index)")
    }
  }

  @Test func noOtherPopulationHasFanOuts() throws {
    var random = RandomProgram(seed: 1)
    let program = try random.next()
    let simulator = try Simulator(program)
    #expect(simulator.fanOut(of: -1).isEmpty)
    #expect(simulator.fanOut(of: program.populations.count).isEmpty)
  }
}
