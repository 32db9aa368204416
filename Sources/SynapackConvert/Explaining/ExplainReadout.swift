internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The readout, which fires nothing: its scores against the outputs of the source network.
extension Explainer {
  func explainReadout(
    _ index: Int, _ layer: FitLayer
  ) throws(PackError) -> (LayerExplanation, [LayerExplanation.Knob: Remedy])? {
    guard index == program.readout.population, let reference = fit.reference(layer),
      let missing = try missing(layer, hearing: fit)
    else { return nil }
    // The same samples as those that changes are judged on.
    let power = judged(reference)
    let missed = judged(missing)
    guard power > 0 else {
      // The judges alone have no values: nothing tells what others would lose.
      guard squares(reference) == 0 else { return nil }
      return (
        LayerExplanation(
          name: program.populations[index].name, error: missed > 0 ? 1 : 0, remedies: [],
          causes: nil, deadChannels: 0, saturated: 0, isSilent: true), [:]
      )
    }
    var explanation = LayerExplanation(
      name: program.populations[index].name, error: (missed / power).squareRoot(),
      remedies: [], causes: nil,
      rounding: try rounding(index, layer).map { (judged($0.differences) / power).squareRoot() },
      deadChannels: 0, saturated: 0)
    guard triesRemedies else { return (explanation, [:]) }
    let heard = try readoutTrials(index, layer, power, missing, hearing: fit)
    explanation.remedies = heard.outcome.remedies
    explanation.own = try self.missing(layer, hearing: due).map { (missing) throws(PackError) in
      try readoutTrials(index, layer, power, missing, hearing: due).outcome
    }
    return (explanation, heard.changes)
  }

  /// What each change of the readout leaves of its error, on what a fit has its sources send.
  ///
  /// - Parameters:
  ///   - power: Σ z², over the samples that judge.
  ///   - missing: z − X f as things stand.
  private func readoutTrials(
    _ index: Int, _ layer: FitLayer, _ power: Double, _ missing: [Float], hearing fit: LayerwiseFit
  ) throws(PackError) -> Trials {
    let units = layers[index].unit
    let limit = program.populations[index].biasLimit
    let means = fit.means(
      missing, channels: layer.bias.count, over: fit.roles.learners(fit.samples.count))
    let moved = layer.bias.indices.map { channel in
      let bias = (layer.bias[channel] + Float(means[channel])) / units[channel]
      return min(max(bias.rounded(), -limit), limit)
    }
    var unbiased = layer
    unbiased.bias = zip(moved, units).map(*)
    let (connections, biases) = try solved(index, layer, hearing: fit)
    var solved = layer
    solved.bias = zip(biases, units).map(*)
    solved.connections = connections.map { FloatConnection($0).scaled(units) }
    var trials = Trials(outcome: .init(error: (judged(missing) / power).squareRoot()))
    let changes: [(LayerExplanation.Knob, FitLayer, Remedy)] = [
      (.bias, unbiased, Remedy(neurons: integrators(moved))),
      (.weights, solved, Remedy(neurons: integrators(biases), weights: connections)),
    ]
    for (knob, changed, remedy) in changes {
      let left = judged(try self.missing(changed, hearing: fit) ?? missing)
      trials.add(knob, (left / power).squareRoot(), remedy)
    }
    return trials
  }

  private func missing(
    _ layer: FitLayer, hearing fit: LayerwiseFit
  ) throws(PackError) -> [Float]? {
    try fit.missing(layer) { program.shape(of: $0) }
  }

  /// Σ v² of the samples that changes are judged on.
  private func judged(_ values: [Float]) -> Double {
    let size = values.count / max(1, fit.samples.count)
    return fit.roles.judges(fit.samples.count).reduce(0) { sum, sample in
      sum + squares(Array(values[sample * size..<(sample + 1) * size]))
    }
  }

  private func squares(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// Integrators with these biases; their thresholds are ignored.
  private func integrators(_ biases: [Float]) -> [FittedNeuron] {
    biases.map { FittedNeuron(threshold: 1, initial: 0, bias: $0, amplitude: 1, error: 0) }
  }
}
