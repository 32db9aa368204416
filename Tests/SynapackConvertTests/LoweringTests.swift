import SynapackConvert
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Programs against the exact rates that their spiking graphs state.
struct LoweringTests {
  /// Wide enough that rounding hardly ever flips a floor, and a schedule that hears all first.
  static func options(
    _ payloads: ClosedRange<Int> = 0...1, method: String = "mmse"
  ) -> ConversionOptions {
    ConversionOptions(
      timesteps: 32, schedule: .accumulate, payloads: payloads, method: method, weightBits: 16,
      biasBits: 32, membraneBits: 32, inputBits: 16)
  }

  @Test(arguments: SmallNetwork.allCases, [0...1, -1...1, 0...3])
  func programsGiveTheRatesOfTheirGraphs(
    network: SmallNetwork, payloads: ClosedRange<Int>
  ) throws {
    let seed = UInt64(payloads.upperBound - 2 * payloads.lowerBound)
    var (graph, builder) = try network.graph(seed: seed)
    let samples = builder.samples(40, signed: network == .signedInput)
    let method = payloads == 0...1 ? "mmse" : "percentile"
    var options = LoweringTests.options(payloads, method: method)
    // 32 bits do not hold 128 products of 16-bit payloads and weights over all ticks.
    if network == .direct { options.inputBits = 8 }
    let conversion = try Conversion(graph, samples, options)
    let agreement = try Agreement(conversion, samples)
    #expect(agreement.isRight, "\(network), \(payloads), seed \(seed): \(agreement)")
  }

  /// The comparison must be able to fail: one wrong weight of a kernel, or one wrong row of a
  /// matrix, is noticed.
  @Test(arguments: [SmallNetwork.plain, .residualMixed, .concatFlatten, .averagePool])
  func aWrongWeightIsNoticed(network: SmallNetwork) throws {
    var (graph, builder) = try network.graph(seed: 5)
    let samples = builder.samples(40)
    let conversion = try Conversion(
      graph, samples, LoweringTests.options(method: "percentile"))
    #expect(try Agreement(conversion, samples).isRight)
    for index in conversion.program.connections.indices {
      var program = conversion.program
      switch program.connections[index].synapses {
      case .dense(var weights):
        for column in 0..<weights.shape[1] { weights.values[column] *= -1 }
        program.connections[index].synapses = .dense(weights)
      case .convolution(var weights, let window, let groups):
        mirrorLargest(&weights)
        program.connections[index].synapses = .convolution(weights, window: window, groups: groups)
      }
      let agreement = try Agreement(conversion, program: program, samples)
      #expect(!agreement.isRight, "\(network), connection \(index): \(agreement)")
    }
  }

  private func mirrorLargest(_ weights: inout IntegerWeights) {
    let largest = weights.values.indices.max {
      abs(Int(weights.values[$0])) < abs(Int(weights.values[$1]))
    }
    guard let largest else { return }
    weights.values[largest] = -weights.values[largest]
  }

  /// No output unit is too fine for the register that integrates it.
  @Test func aReadoutNeverSaturates() throws {
    var builder = try GraphBuilder(seed: 3, input: [600])
    let output = try builder.linear(builder.input, 3)
    let graph = try builder.graph(output)
    var options = LoweringTests.options()
    options.timesteps = 64
    options.inputBits = 8
    let conversion = try Conversion(graph, builder.samples(8), options)
    let bounds = try conversion.program.inputBounds()
    let readout = conversion.program.readout.population
    let membrane = conversion.program.populations[readout].membrane
    #expect(bounds[readout] * 64 <= Int64(membrane.upperBound))
  }

  /// Two bits leave a weight three values, so that few of them reach a threshold.
  @Test(arguments: [2, 16]) func coarseThresholdsAreInTheLedger(bits: Int) throws {
    var (graph, builder) = try SmallNetwork.perceptron.graph(seed: 3)
    let options = ConversionOptions(timesteps: 4, method: "max", weightBits: bits)
    let conversion = try Conversion(graph, builder.samples(40), options)
    let losses = conversion.report.losses.filter { $0.code == .coarseThreshold }
    let coarse = conversion.program.populations.filter {
      $0.model != .integrator && ($0.thresholds.values.min() ?? 4) < 4
    }
    #expect(losses.map(\.subject) == coarse.map(\.name))
    #expect(losses.isEmpty == (bits == 16))
  }
}
