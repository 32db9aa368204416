import SynapackConvert
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// What spikes that cost something do to a conversion.
struct SpikePriceTests {
  private func program(
    _ network: SmallNetwork, price: Double, timesteps: Int = 8
  ) throws -> (program: SpikingProgram, operations: Int) {
    var (graph, builder) = try network.graph(seed: 4)
    let samples = builder.samples(16)
    let options = ConversionOptions(timesteps: timesteps, method: "refit")
    let outline = try Conversion(graph, samples, options).program
    let conversion = try Conversion(
      graph, samples, options, price: SpikePrice(weight: price, of: outline))
    let simulator = try Simulator(conversion.program)
    let operations = try conversion.encode(samples).reduce(0) {
      $0 + (try simulator.run($1).effectiveACs)
    }
    return (conversion.program, operations)
  }

  @Test(arguments: [SmallNetwork.plain, .residualOfSpikes, .perceptron])
  func dearSpikesAreFewer(network: SmallNetwork) throws {
    let operations = try [0, 10].map { try program(network, price: $0).operations }
    #expect(operations[1] < operations[0])
  }

  @Test func spikesThatCostMoreThanEverythingAreNotSent() throws {
    #expect(try program(.plain, price: 1e12).operations == 0)
  }

  @Test func sharesAreThoseOfTheDenseOperations() throws {
    let (graph, builder) = try SmallNetwork.plain.graph(seed: 4)
    var drawing = builder
    let program = try Conversion(
      graph, drawing.samples(8), ConversionOptions(timesteps: 4)
    ).program
    let price = SpikePrice(weight: 1, of: program)
    let input = program.connections.reduce(0) { sum, connection in
      guard connection.source == .input else { return sum }
      let weights = connection.synapses.weights
      return sum + program.populations[connection.target].shape.count * weights.values.count
        / weights.shape[0]
    }
    let whole = Double(program.denseOperationsPerTick)
    let sum = price.shares.values.reduce(0, +)
    #expect(abs(sum - (whole - Double(input)) / whole) < 1e-9)
  }
}
