internal import SynapackDense
internal import SynapackGraph
public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Finds the layer that loses accuracy, and the knob that would get it back.
///
/// The program runs layer after layer as it is. At each population three changes of it alone are
/// tried on what its sources really send: thresholds scaled, biases moved, weights solved. A sound
/// layer leaves little for any of them; a broken one leaves much, and the change that takes it away
/// names the cause. As a later layer can make up for an earlier one, the first layer counts whose
/// best change does at least a third of what any layer's does.
public struct Explainer: Sendable {
  var program: SpikingProgram
  let layers: [LoweredLayer]
  let triesRemedies: Bool
  let source: SourceWeights?
  var fit: LayerwiseFit

  /// - Parameters:
  ///   - layers: what each population stands for, as lowering or a bundle tells it.
  ///   - samples: of the source network, to which every rule has been applied.
  ///   - source: the weights that those of the program are held against, where they are known.
  ///   - triesRemedies: whether more than the errors is asked for.
  /// - Throws: `SYN0012` where `layers` are not those of the program.
  public static func explain(
    _ program: SpikingProgram, layers: [LoweredLayer], samples: FitSamples, sites: [NeuronSite],
    source: SourceWeights? = nil, triesRemedies: Bool = true, threads: Int
  ) throws(PackError) -> DropExplanation {
    try program.verify()
    try check(program, layers: layers)
    var explainer = Explainer(
      program: program, layers: layers, triesRemedies: triesRemedies, source: source,
      fit: LayerwiseFit(
        FitRequest(
          FitSteps(refitsWeights: true, searchesNeurons: true), samples, sites: sites,
          threads: threads), ConversionOptions(timesteps: program.timesteps), port: program.input))
    return try explainer.run()
  }

  /// Whether the program is one whose layers can be held against those of a network.
  ///
  /// - Throws: `SYN0301` for neurons whose payloads do not add up to what they heard; `SYN0012` where
  ///   `layers` are not those of the program.
  public static func check(
    _ program: SpikingProgram, layers: [LoweredLayer]
  ) throws(PackError) {
    guard !program.hasCompensation else {
      throw PackError(
        .cannotSpike, "neurons that compute operators on running means are not explained",
        hint: "compare the scores of `synapack evaluate` at several timesteps")
    }
    guard program.populations.allSatisfy({ $0.resets != .zero }) else {
      throw PackError(
        .cannotSpike,
        "neurons that forget at a spike are not explained: their payloads do not add up to what they "
          + "heard",
        hint: "explain the same conversion with --reset subtract; the difference is what they lose")
    }
    let readout = program.readout.population
    guard program.populations.indices.contains(readout),
      program.populations[readout].model == .integrator
    else {
      throw PackError(
        .cannotSpike, "a readout that counts spikes is not explained",
        hint: "explain the same conversion with --readout membrane")
    }
    guard layers.count == program.populations.count,
      zip(layers, program.populations).allSatisfy({ layer, population in
        let channels = population.shape.planes?.channels ?? 1
        return layer.unit.count == channels && layer.unit.allSatisfy(\.isNormal)
          && layer.amplitude.allSatisfy(\.isFinite)
          && (population.model == .integrator || layer.amplitude.count == channels)
      })
    else {
      throw PackError(
        .wrongDataShape, "what the payloads stand for is not known for every layer of this program",
        hint: "make the bundle again from its model")
    }
  }

  private mutating func run() throws(PackError) -> DropExplanation {
    var found: [LayerExplanation] = []
    var remedies: [[LayerExplanation.Knob: Remedy]] = []
    var places: [Int] = []
    for index in program.populations.indices {
      guard let (layer, own) = try explain(index) else { continue }
      found.append(measured(layer, index))
      remedies.append(own)
      places.append(index)
    }
    var explanation = DropExplanation(layers: found, first: nil, remedied: nil)
    let most = found.filter(\.isRemediable).map(\.removable).max() ?? .infinity
    guard
      let first = found.firstIndex(where: {
        $0.isRemediable && $0.removable >= DropExplanation.significant * most
      }),
      let knob = found[first].knob, let remedy = remedies[first][knob]
    else { return explanation }
    explanation.first = found[first].name
    explanation.remedied = remedied(places[first], remedy)
    return explanation
  }

  /// New parameters of one population.
  struct Remedy: Sendable {
    var neurons: [FittedNeuron]?
    var weights: [Connection]?
  }

  private func remedied(_ index: Int, _ remedy: Remedy) -> SpikingProgram {
    var program = program
    if let neurons = remedy.neurons {
      program.populations[index].set(neurons)
    }
    if let weights = remedy.weights {
      program.connections.removeAll { $0.target == index }
      program.connections += weights
      program.connections.sort { ($0.target, $0.source.order) < ($1.target, $1.source.order) }
    }
    return program
  }
}
