@testable import SynapackConvert
import SynapackGraph
import SynapackImport
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Every layer of three networks is sabotaged in every way; the layer and the cause must be named.
struct ExplainerTests {
  enum Sabotage: String, CaseIterable, Sendable {
    case threshold, silence, bias, weights

    /// The knob that undoes it.
    var cause: String { self == .silence ? "threshold" : rawValue }
  }

  static let networks: [SmallNetwork] = [
    .plain, .residualDeep, .maxPoolPairs,
  ]

  @Test(arguments: networks, Sabotage.allCases)
  func namesTheLayerAndTheCause(network: SmallNetwork, sabotage: Sabotage) throws {
    let made = try Made(network)
    let damaged = try check(made, network, sabotage) { _ in true }
    #expect(damaged.contains { !$0.contains(".match.") })
    let isPlayed = made.conversion.plan.tournaments.isEmpty == false
    let hasMatch = damaged.contains { $0.contains(".match.") }
    #expect(hasMatch == (isPlayed && [.threshold, .silence].contains(sabotage)))
  }

  /// The neurons of larger pools, which play more matches than one each.
  @Test(
    arguments: [SmallNetwork.maxPoolOverlapping, .maxPoolRoundedUp],
    [Sabotage.threshold, .silence])
  func namesTheMatchAndTheCause(network: SmallNetwork, sabotage: Sabotage) throws {
    let made = try Made(network)
    let damaged = try check(made, network, sabotage) { $0.contains(".match.") }
    #expect(damaged.count == 8)
  }

  /// Breaks every population that is meant, and returns the names of those that it could break.
  private func check(
    _ made: Made, _ network: SmallNetwork, _ sabotage: Sabotage, _ isMeant: (String) -> Bool
  ) throws -> Set<String> {
    var damaged: Set<String> = []
    for index in made.program.populations.indices
    where isMeant(made.program.populations[index].name) {
      // Neurons of a pool hear through weights that two bits hold already.
      guard let broken = sabotage.applied(to: made.program, at: index), broken != made.program
      else { continue }
      damaged.insert(made.program.populations[index].name)
      let explanation = try made.explain(broken)
      let name = made.program.populations[index].name
      let knobs = explanation.layers.map { layer in
        "\(layer.name) \(layer.error): \(layer.remedies.map { "\($0.knob.rawValue) \($0.error)" })"
      }
      #expect(explanation.first == name, "\(network) \(sabotage) \(knobs)")
      let layer = explanation.layers.first(where: { $0.name == name })
      #expect(layer?.knob?.rawValue == sabotage.cause, "\(network) \(name) \(knobs)")
      // The remedy is a program, and it takes most of the damage away.
      guard let remedied = explanation.remedied else { continue }
      try remedied.verify()
      let before = try made.outputError(broken)
      let after = try made.outputError(remedied)
      #expect(after < before, "\(network) \(sabotage) \(name): \(before) → \(after)")
    }
    return damaged
  }

  /// In a trained network the initial membranes are no half of the thresholds that were broken, and
  /// the layers behind a dead one have nothing to hear.
  @Test(arguments: ["/2/Relu", "/5/Relu"], [Sabotage.threshold, .silence])
  func namesTheLayerOfATrainedNetwork(name: String, sabotage: Sabotage) throws {
    let made = try Made(digits: "cnn-average", count: 24)
    let index = try #require(made.program.populations.firstIndex { $0.name == name })
    let broken = try #require(sabotage.applied(to: made.program, at: index))
    let explanation = try made.explain(broken)
    let errors = explanation.layers.map { "\($0.name) \($0.error) \($0.removable)" }
    #expect(explanation.first == name, "\(sabotage) \(errors)")
    let layer = try #require(explanation.layers.first { $0.name == name })
    #expect(layer.knob == .threshold)
    let remedied = try #require(explanation.remedied)
    #expect(try made.outputError(remedied) < made.outputError(broken) / 2)
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
    // Every payload that it should have sent is missing, and no tick is to blame.
    let causes = try #require(layer.causes)
    #expect(causes.miscount > 0.8 && causes.unevenness == 0)
    #expect(causes.clipping + causes.quantization + causes.miscount >= layer.error)
  }

  /// Weights of two bits are a part of their own, in the layer that has them and in no other; the parts
  /// add up, also where the weights of the source network are not known.
  @Test(arguments: networks) func coarseWeightsAreAPartOfTheError(network: SmallNetwork) throws {
    let made = try Made(network, method: "max", weightBits: 16)
    let source = try made.source()
    let sound = try made.explain(made.program, source)
    for layer in sound.layers { #expect(try #require(layer.rounding) < 0.005, "\(layer)") }
    var broken = 0
    for index in made.program.populations.indices {
      guard let coarse = Sabotage.weights.applied(to: made.program, at: index),
        coarse != made.program
      else { continue }
      let name = made.program.populations[index].name
      for layer in try made.explain(coarse, source).layers {
        let rounding = try #require(layer.rounding)
        #expect((layer.name == name) == (rounding > 0.05), "\(name) \(layer)")
        guard let causes = layer.causes else { continue }
        let sum = causes.clipping + causes.quantization + rounding + causes.miscount
        #expect(sum >= layer.error * 0.999, "\(layer)")
      }
      broken += 1
      let unknown = try made.explain(coarse).layers
      #expect(unknown.allSatisfy { $0.rounding == nil })
    }
    #expect(broken > 2)
  }

  /// Weights in another layout than the program's tell nothing.
  @Test func aNetworkOfAnotherLayoutHasNoRounding() throws {
    let made = try Made(.plain)
    let other = try Made(.residualDeep)
    let explanation = try made.explain(made.program, other.source())
    #expect(explanation.layers.allSatisfy { $0.rounding == nil })
  }

  /// The weights are broken before the conversion, which balances what stands behind them for what they
  /// send: later layers are then further from the source network than the broken one.
  @Test(arguments: 0..<4, [Float(0.3), 3])
  func namesTheLayerOfABrokenModel(layer: Int, factor: Float) throws {
    let made = try Made(.plain)
    var draft = made.graph.draft
    let weighted = made.graph.nodes.filter { !$0.op.payload.weightNames.isEmpty }
    #expect(weighted.count > 1)
    guard weighted.indices.contains(layer) else { return }
    let name = weighted[layer].op.payload.weightNames[0]
    let weights = try made.graph.weights.tensor(name)
    draft.weights[name] = try Tensor(
      shape: weights.shape, floats: weights.floats().map { $0 * factor })
    let broken = try Conversion(
      Graph(verifying: draft), made.values, ConversionOptions(timesteps: 12, method: "refit"))
    let explanation = try Explainer.explain(
      broken.program, layers: broken.lowered.layers, samples: made.samples,
      sites: made.conversion.plan.sites, threads: 2)
    let errors = explanation.layers.map { "\($0.name) \($0.error) \($0.removable)" }
    #expect(explanation.first == broken.program.populations[layer].name, "\(errors)")
  }

  /// Errors grow without bounds behind a broken layer, and what is to be had back there must not hide
  /// it: no more counts than silence would cost.
  @Test func whatCanBeHadBackIsBounded() {
    var layer = LayerExplanation(
      name: "late", error: 2, remedies: [.init(knob: .weights, error: 0.6)], causes: nil,
      deadChannels: 0, saturated: 0)
    #expect(abs(layer.removable - (1 - 0.36)) < 1e-12)
    layer.remedies[0].error = 1.5
    #expect(layer.removable == 0)
    (layer.error, layer.remedies[0].error) = (0.5, 0.3)
    #expect(abs(layer.removable - (0.25 - 0.09)) < 1e-12)
  }

  @Test func countedScoresAreRefused() throws {
    let made = try Made(.plain)
    var counted = made.program
    counted.readout.population = 0
    #expect {
      try Explainer.check(counted, layers: made.conversion.lowered.layers)
    } throws: {
      ($0 as? PackError)?.code == .cannotSpike
    }
    try Explainer.check(made.program, layers: made.conversion.lowered.layers)
  }

  /// Neurons that forget at a spike are explained but for what their membranes would tell.
  @Test func neuronsThatForgetAreExplained() throws {
    let made = try Made(.plain)
    var forgetful = made.program
    for index in forgetful.populations.indices {
      guard case .integrateAndFire(var behaviour) = forgetful.populations[index].model else {
        continue
      }
      behaviour.reset = .zero
      forgetful.populations[index].model = .integrateAndFire(behaviour)
    }
    let explanation = try made.explain(forgetful)
    #expect(explanation.layers.count == forgetful.populations.count)
    let firing = explanation.layers.compactMap(\.causes)
    #expect(!firing.isEmpty && firing.allSatisfy { $0.unevenness == nil })
    // They send less than they heard.
    let sound = try made.explain(made.program)
    #expect(firing[0].miscount > sound.layers[0].causes?.miscount ?? 1)
    let remedied = try #require(explanation.remedied)
    #expect(try made.outputError(remedied) < made.outputError(forgetful))
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
  let graph: Graph<Analog>
  let conversion: Conversion
  let values: [Float]
  let samples: FitSamples

  var program: SpikingProgram { conversion.program }

  init(
    _ network: SmallNetwork, method: String = "refit", weightBits: Int = 8
  ) throws(PackError) {
    let (graph, made) = try network.graph(seed: 12)
    var builder = made
    let values = builder.samples(96)
    try self.init(
      graph, values, ConversionOptions(timesteps: 12, method: method, weightBits: weightBits))
  }

  /// A network trained on digits, and some of its calibration images.
  init(digits name: String, count: Int) throws(PackError) {
    var report = Report()
    let path = Fixtures.path("digits/\(name).torchscript17.onnx")
    try self.init(
      ONNXImporter.graph(MappedFile(path: path), &report),
      DigitImages.pixels("calibration_x", count: count),
      ConversionOptions(timesteps: 4, method: "refit"))
  }

  private init(
    _ graph: Graph<Analog>, _ values: [Float], _ options: ConversionOptions
  ) throws(PackError) {
    (self.graph, self.values) = (graph, values)
    conversion = try Conversion(graph, values, options)
    samples = try FitSamples(
      conversion.graph, sites: conversion.plan.sites, pools: conversion.plan.tournaments,
      samples: values, timesteps: options.timesteps, threads: 2)
  }

  func explain(
    _ program: SpikingProgram, _ source: SourceWeights? = nil
  ) throws(PackError) -> DropExplanation {
    try Explainer.explain(
      program, layers: conversion.lowered.layers, samples: samples,
      sites: conversion.plan.sites, source: source, threads: 2)
  }

  func source() throws(PackError) -> SourceWeights {
    try SourceWeights(
      conversion.graph, conversion.plan, layoutOf: program, samples: values, threads: 2)
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
    case .silence:
      guard program.populations[index].model != .integrator else { return nil }
      broken.populations[index].thresholds = Parameter([
        program.populations[index].membrane.upperBound
      ])
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
