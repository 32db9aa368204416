internal import SynapackDense
internal import SynapackGraph
public import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// Finds the layer that loses accuracy, and the knob that would get it back.
///
/// The program runs layer after layer as it is. At each population three changes of it alone are
/// tried on what its sources really send: thresholds scaled, biases moved, weights solved. They are
/// made from one half of the samples and judged on the other, as what a change gains on the samples
/// that it was made from it may gain there alone. A sound layer leaves little for any of them; a broken
/// one leaves much, and the change that takes it away names the cause.
///
/// Behind a broken layer a sound one leaves much too, as it can make up for what is wrong with what it
/// hears. So the changes are tried once more on what the sources should have sent: what they take away
/// there is the layer's own, wherever it stands. The first layer counts whose own error is at least a
/// third of any layer's; only where no layer has one of its own, what a layer can make up for.
///
/// Programs with neurons that compute on running means are run as a whole: ``WholeErrors``.
public struct Explainer: Sendable {
  var program: SpikingProgram
  let layers: [LoweredLayer]
  let triesRemedies: Bool
  let source: SourceWeights?
  /// With what every population really sends.
  var fit: LayerwiseFit
  /// With what every population should send; only where remedies are tried.
  var due: LayerwiseFit

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
    var fit = LayerwiseFit(
      FitRequest(
        FitSteps(refitsWeights: true, searchesNeurons: true), samples, sites: sites,
        threads: threads), ConversionOptions(timesteps: program.timesteps), port: program.input)
    fit.roles = .judging(samples.count)
    let inputError = try InputError(program, samples, threads: threads).measured()
    guard !computes(program) else {
      return try WholeErrors(program, layers, fit, inputError).explanation()
    }
    var explainer = Explainer(
      program: program, layers: layers, triesRemedies: triesRemedies, source: source, fit: fit,
      due: fit)
    var explanation = try explainer.run()
    explanation.inputError = inputError
    if triesRemedies { explanation.learners = fit.roles.learners(samples.count) }
    return explanation
  }

  /// Whether the program is one whose layers can be held against those of a network.
  ///
  /// - Throws: `SYN0301` for scores that are counted; `SYN0012` where `layers` are not those of the
  ///   program.
  public static func check(
    _ program: SpikingProgram, layers: [LoweredLayer]
  ) throws(PackError) {
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

  /// Whether any population computes an operator on running means.
  private static func computes(_ program: SpikingProgram) -> Bool {
    program.populations.contains { population in
      guard case .compensated = population.model else { return false }
      return true
    }
  }

  private mutating func run() throws(PackError) -> DropExplanation {
    var found: [LayerExplanation] = []
    var remedies: [[LayerExplanation.Knob: Remedy]] = []
    var places: [Int] = []
    var unexplained: [DropExplanation.Unexplained] = []
    for index in program.populations.indices {
      let explained = try explain(index)
      release(after: index)
      guard let (layer, changes) = explained else {
        unexplained.append(self.unexplained(index))
        continue
      }
      found.append(measured(layer, index))
      remedies.append(changes)
      places.append(index)
    }
    let suspects = DropExplanation.suspects(found).compactMap { place in
      found[place].knob.flatMap { remedies[place][$0] }.map { remedy in
        DropExplanation.Suspect(
          layer: found[place].name, remedied: remedied(places[place], remedy))
      }
    }
    return DropExplanation(layers: found, unexplained: unexplained, suspects: suspects)
  }

  /// Why a population has no entry.
  static let unknown = "nothing tells which values of the source network it should carry"

  private func unexplained(_ index: Int) -> DropExplanation.Unexplained {
    DropExplanation.Unexplained(name: program.populations[index].name, reason: Explainer.unknown)
  }

  /// Forgets what no later population hears.
  private mutating func release(after index: Int) {
    var live: Set<Int> = []
    for connection in program.connections where connection.target > index {
      if case .population(let source) = connection.source { live.insert(source) }
    }
    fit.release(populations: live)
    due.release(populations: live)
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
