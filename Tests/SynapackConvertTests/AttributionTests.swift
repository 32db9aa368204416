import SynapackConvert
import SynapackProgram
import SynapackSupport
import TestSupport
import Testing

/// What the conversion says of its own errors, and that nothing depends on the thread count.
struct AttributionTests {
  static let networks: [SmallNetwork] = [
    .plain, .residualDeep, .concatFlatten, .averagePoolExcludingPads, .maxPoolPairs, .bottleneck,
  ]

  @Test(arguments: networks, [0...1, -1...1])
  func accumulateIsNeverUneven(network: SmallNetwork, payloads: ClosedRange<Int>) throws {
    let layers = try layers(network, payloads, .accumulate)
    #expect(!layers.isEmpty)
    for layer in layers { #expect(layer.unevenness ?? 0 == 0, "\(network), \(layer)") }
  }

  /// The measure itself must be able to show something.
  @Test func wavefrontIsUneven() throws {
    let layers = try layers(.residualDeep, 0...1, .wavefront)
    #expect(layers.contains { ($0.unevenness ?? 0) > 0 })
    #expect(layers.allSatisfy { (0...1).contains($0.spikeRate) && $0.threshold > 0 })
  }

  private func layers(
    _ network: SmallNetwork, _ payloads: ClosedRange<Int>, _ schedule: Schedule
  ) throws -> [LayerError] {
    var (graph, builder) = try network.graph(seed: 11)
    let samples = builder.samples(24)
    let options = ConversionOptions(
      timesteps: 12, schedule: schedule, payloads: payloads, method: "percentile")
    let conversion = try Conversion(graph, samples, options)
    return try LayerErrors.measure(
      conversion.lowered, sites: conversion.plan.sites, conversion.calibration,
      samples: conversion.encode(samples), threads: 2)
  }

  @Test(arguments: [SmallNetwork.residualMixed, .concatThenMaxPool, .bottleneck])
  func threadsChangeNothing(network: SmallNetwork) throws {
    var (graph, builder) = try network.graph(seed: 4)
    // Not a multiple of the unit of work.
    let samples = builder.samples(27)
    let options = ConversionOptions(timesteps: 8)
    let programs = try [1, 2, 3].map { threads in
      try Conversion(graph, samples, options, threads: threads).lowered
    }
    for other in programs.dropFirst() {
      #expect(other.program == programs[0].program)
      #expect(other.layers == programs[0].layers)
    }
  }
}
