import SynapackConvert
import SynapackProgram
import SynapackSimulate
import TestSupport
import Testing

@testable import SynapackConvert

/// Membranes that have to start at zero.
struct MembraneStartTests {
  private static let networks: [SmallNetwork] = [.plain, .residualMixed, .averagePool]

  @Test(arguments: networks, BalancingMethods.all.map { $0.id })
  func everyMethodStartsAtZero(network: SmallNetwork, method: String) throws {
    var (graph, builder) = try network.graph(seed: 5)
    let samples = builder.samples(20)
    for (reset, scope) in [(Reset.subtract, ThresholdScope.channel), (.zero, .layer)] {
      let options = ConversionOptions(
        timesteps: 4, reset: reset, method: method, thresholdScope: scope, start: .zero)
      for population in try Conversion(graph, samples, options).program.populations {
        #expect(population.initial.values.allSatisfy { $0 == 0 }, "\(population.name)")
      }
    }
  }

  /// In one tick a bias is a start.
  @Test(arguments: networks) func atOneTickNothingChanges(network: SmallNetwork) throws {
    var (graph, builder) = try network.graph(seed: 6)
    let samples = builder.samples(20)
    let programs = try [MembraneStart.balanced, .zero].map { start in
      let conversion = try Conversion(
        graph, samples,
        ConversionOptions(timesteps: 1, method: "mmse", biasBits: 24, start: start))
      let simulator = try Simulator(conversion.program)
      return try conversion.encode(samples).map { try simulator.run($0).scores }
    }
    #expect(programs[0] == programs[1])
  }

  /// Over a window, to the rounding of a tick, a neuron hears as much as it started with.
  @Test(arguments: UInt64(1)...20) func theWholeStartIsMoved(seed: UInt64) throws {
    var programs = RandomProgram(seed: seed)
    let program = try programs.next()
    for before in program.populations {
      var after = before
      after.startAtZero(timesteps: program.timesteps)
      #expect(after.initial.values.allSatisfy { $0 == 0 })
      let (old, new) = (
        before.biases.expanded(to: before.shape), after.biases.expanded(to: before.shape)
      )
      let limit = IntegerLevel.range(bits: before.biasBits).upperBound
      for (neuron, start) in before.initial.expanded(to: before.shape).enumerated() {
        guard new[neuron].magnitude < limit.magnitude else { continue }
        let moved = (Int(new[neuron]) - Int(old[neuron])) * program.timesteps
        #expect(2 * abs(moved - Int(start)) <= program.timesteps, "seed \(seed)")
      }
    }
  }

  /// A start at zero costs little where the neurons are fitted to it.
  @Test func aFitMakesUpForIt() throws {
    var (graph, builder) = try SmallNetwork.plain.graph(seed: 7)
    let (seen, unseen) = (builder.samples(120), builder.samples(60))
    for reset in Reset.allCases {
      let errors = try ["mmse", "refit"].map { method in
        let options = ConversionOptions(timesteps: 6, reset: reset, method: method, start: .zero)
        return try Conversion(graph, seen, options).outputError(unseen)
      }
      #expect(errors[1] < errors[0], "\(reset): \(errors)")
    }
  }
}
