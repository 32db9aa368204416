import SynapackConvert
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackConvert

/// One threshold for all channels of a layer.
struct LayerThresholdTests {
  /// Scaled units keep every weight, bias and threshold in its width: no unit shrinks.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func unitsOnlyGrow(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = 1 + Int(seed)
    let units = (0..<count).map { _ in 0.001 + random.unitFloat() }
    let thresholds = (0..<count).map { index -> Float? in
      index % 5 == 4 ? nil : 0.01 + 100 * random.unitFloat()
    }
    let common = LayerThreshold(thresholds, units, most: 1000)
    #expect((1...1000).contains(common.steps), "seed \(seed)")
    for (channel, threshold) in thresholds.enumerated() {
      #expect(common.units[channel] >= units[channel], "seed \(seed)")
      // A threshold that suits a channel is kept unless its unit cannot shrink.
      guard let threshold, common.units[channel] > units[channel] else { continue }
      let kept = common.units[channel] * Float(common.steps)
      #expect((kept - threshold).magnitude <= 1e-5 * threshold, "seed \(seed)")
    }
  }

  @Test(
    arguments: [SmallNetwork.plain, .residualMixed, .averagePool], ["mmse", "refit", "spike-norm"])
  func everyLayerHasOne(network: SmallNetwork, method: String) throws {
    var (graph, builder) = try network.graph(seed: 7)
    let samples = builder.samples(40)
    var options = ConversionOptions(timesteps: 8, method: method)
    let free = try Conversion(graph, samples, options)
    #expect(free.program.populations.contains { Set($0.thresholds.values).count > 1 }, "\(method)")
    options.thresholdScope = .layer
    let bound = try Conversion(graph, samples, options)
    for population in bound.program.populations {
      #expect(Set(population.thresholds.values).count == 1, "\(population.name)")
    }
  }

  /// Where nothing but rounding stands in the way, the program still gives the rates of its graph.
  @Test func theRatesStayThoseOfTheGraph() throws {
    var (graph, builder) = try SmallNetwork.plain.graph(seed: 3)
    let samples = builder.samples(40)
    var options = LoweringTests.options()
    options.thresholdScope = .layer
    let agreement = try Agreement(Conversion(graph, samples, options), samples)
    #expect(agreement.isRight, "\(agreement)")
  }

  /// The score of a narrow readout cannot saturate: its width holds the worst case.
  @Test(arguments: [12, 16, 20])
  func aNarrowReadoutHoldsItsScore(bits: Int) throws {
    var (graph, builder) = try SmallNetwork.plain.graph(seed: 4)
    var options = ConversionOptions(timesteps: 8, method: "mmse")
    options.readoutBits = bits
    let program = try Conversion(graph, builder.samples(20), options).program
    let readout = try #require(program.populations.last)
    #expect(readout.membrane == Population.membraneRange(bits: bits))
    // A bound over all inputs: every weight with the largest payload in every tick.
    var reach = readout.biases.values.map { abs(Int($0)) }.max() ?? 0
    for connection in program.incoming(program.populations.count - 1) {
      let weights = connection.synapses.weights
      let row = max(1, weights.values.count / readout.shape.count)
      let largest = stride(from: 0, to: weights.values.count, by: row).map { start in
        weights.values[start..<start + row].reduce(0) { $0 + Int($1.magnitude) }
      }.max()
      let cells = connection.relays.reduce(1) { $0 * $1.kernel.y * $1.kernel.x }
      reach += (largest ?? 0) * cells
    }
    #expect(reach * program.timesteps <= Int(readout.membrane.upperBound))
  }
}
