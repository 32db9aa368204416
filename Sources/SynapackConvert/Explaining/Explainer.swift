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
  var fit: LayerwiseFit

  /// - Parameters:
  ///   - layers: what each population stands for, as lowering or a bundle tells it.
  ///   - samples: of the source network, to which every rule has been applied.
  ///   - triesRemedies: whether more than the errors is asked for.
  /// - Throws: `SYN0012` where `layers` are not those of the program.
  public static func explain(
    _ program: SpikingProgram, layers: [LoweredLayer], samples: FitSamples, sites: [NeuronSite],
    triesRemedies: Bool = true, threads: Int
  ) throws(PackError) -> DropExplanation {
    try program.verify()
    guard !program.hasCompensation else {
      throw PackError(
        .cannotSpike, "neurons that compute operators on running means are not explained",
        hint: "compare the scores of `synapack evaluate` at several timesteps")
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
        .wrongDataShape, "what the payloads stand for is not known for this program",
        hint: "make the bundle again from its model")
    }
    var explainer = Explainer(
      program: program, layers: layers, triesRemedies: triesRemedies,
      fit: LayerwiseFit(
        FitRequest(
          FitSteps(refitsWeights: true, searchesNeurons: true), samples, sites: sites,
          threads: threads), ConversionOptions(timesteps: program.timesteps), port: program.input))
    return try explainer.run()
  }

  private mutating func run() throws(PackError) -> DropExplanation {
    var found: [LayerExplanation] = []
    var remedies: [[LayerExplanation.Knob: Remedy]] = []
    var places: [Int] = []
    for index in program.populations.indices {
      guard let (layer, own) = try explain(index) else { continue }
      found.append(layer)
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
