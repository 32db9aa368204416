import SynapackConvert
import SynapackGraph
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Every layer of two networks is sabotaged in every way; the layer and the cause must be named.
struct ExplainerTests {
  enum Sabotage: String, CaseIterable, Sendable {
    case threshold, bias, weights
  }

  static let networks: [SmallNetwork] = [.plain, .residualDeep]

  @Test(arguments: networks, Sabotage.allCases)
  func namesTheLayerAndTheCause(network: SmallNetwork, sabotage: Sabotage) throws {
    let made = try Made(network)
    for index in made.program.populations.indices {
      guard let broken = sabotage.applied(to: made.program, at: index) else { continue }
      let explanation = try made.explain(broken)
      let name = made.program.populations[index].name
      let knobs = explanation.layers.map { layer in
        "\(layer.name) \(layer.error): \(layer.remedies.map { "\($0.knob.rawValue) \($0.error)" })"
      }
      #expect(explanation.first == name, "\(network) \(sabotage) \(knobs)")
      let layer = explanation.layers.first(where: { $0.name == name })
      #expect(layer?.knob?.rawValue == sabotage.rawValue, "\(network) \(name) \(knobs)")
      // The remedy is a program, and it takes most of the damage away.
      guard let remedied = explanation.remedied else { continue }
      try remedied.verify()
      let before = try made.outputError(broken)
      let after = try made.outputError(remedied)
      #expect(after < before, "\(network) \(sabotage) \(name): \(before) → \(after)")
    }
  }

  /// A sound program is not accused: what could be had back is a small part of the error.
  @Test(arguments: networks) func aSoundProgramHasLittleToGain(network: SmallNetwork) throws {
    let made = try Made(network)
    let explanation = try made.explain(made.program)
    #expect(explanation.layers.count == made.program.populations.count)
    for layer in explanation.layers {
      #expect(layer.removable < 0.02, "\(layer)")
      #expect(layer.error < 0.5, "\(layer)")
    }
  }

  @Test func aLayerThatNeverFiresIsCounted() throws {
    let made = try Made(.plain)
    var silent = made.program
    silent.populations[1].thresholds = Parameter([silent.populations[1].membrane.upperBound])
    let explanation = try made.explain(silent)
    let name = silent.populations[1].name
    let layer = try #require(explanation.layers.first { $0.name == name })
    #expect(layer.deadChannels > 0 && layer.saturated == 0 && layer.error > 0.9)
  }

  @Test func payloadsOfUnknownWorthAreRefused() throws {
    let made = try Made(.plain)
    #expect(throws: PackError.self) {
      _ = try Explainer.explain(
        made.program, layers: [], samples: made.samples, sites: made.conversion.plan.sites,
        threads: 1)
    }
  }
}

/// A converted network with what an explanation needs.
private struct Made {
  let conversion: Conversion
  let values: [Float]
  let samples: FitSamples

  var program: SpikingProgram { conversion.program }

  init(_ network: SmallNetwork) throws(PackError) {
    var (graph, builder) = try network.graph(seed: 12)
    values = builder.samples(48)
    let options = ConversionOptions(timesteps: 12, method: "refit")
    conversion = try Conversion(graph, values, options)
    samples = try FitSamples(
      conversion.graph, sites: conversion.plan.sites, samples: values, timesteps: 12, threads: 2)
  }

  func explain(_ program: SpikingProgram) throws(PackError) -> DropExplanation {
    try Explainer.explain(
      program, layers: conversion.lowered.layers, samples: samples,
      sites: conversion.plan.sites, threads: 2)
  }

  func outputError(_ program: SpikingProgram) throws(PackError) -> Double {
    try conversion.outputError(values, of: program)
  }
}

extension ExplainerTests.Sabotage {
  /// The program with one population broken; `nil` where it has no such part.
  func applied(to program: SpikingProgram, at index: Int) -> SpikingProgram? {
    var broken = program
    switch self {
    case .threshold:
      guard program.populations[index].model != .integrator else { return nil }
      broken.populations[index].thresholds.values = program.populations[index].thresholds.values
        .map { max(1, $0 * 3 / 10) }
    case .bias:
      guard program.populations[index].biases.values.contains(where: { $0 != 0 }) else {
        return nil
      }
      broken.populations[index].biases.values = program.populations[index].biases.values.map { -$0 }
    case .weights:
      for place in program.connections.indices where program.connections[place].target == index {
        let weights = program.connections[place].synapses.weights
        // Two bits: −1, 0 and 1 times the largest weight of the channel.
        let row = weights.values.count / weights.shape[0]
        var coarse = weights
        for channel in 0..<weights.shape[0] {
          let range = channel * row..<(channel + 1) * row
          let most = weights.values[range].map(\.magnitude).max() ?? 0
          for at in range {
            let level = weights.values[at].magnitude * 2 >= most ? Int16(most) : 0
            coarse.values[at] = weights.values[at] < 0 ? -level : level
          }
        }
        switch program.connections[place].synapses {
        case .dense: broken.connections[place].synapses = .dense(coarse)
        case .convolution(_, let window, let groups):
          broken.connections[place].synapses = .convolution(
            coarse, window: window, groups: groups)
        }
      }
    }
    return broken
  }
}
