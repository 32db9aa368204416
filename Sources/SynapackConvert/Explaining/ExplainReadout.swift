internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The readout, which fires nothing: its scores against the outputs of the source network.
extension Explainer {
  func explainReadout(
    _ index: Int, _ layer: FitLayer
  ) throws(PackError) -> (LayerExplanation, [LayerExplanation.Knob: Remedy])? {
    guard index == program.readout.population, let reference = fit.reference(layer),
      let missing = try missing(layer)
    else { return nil }
    let power = squares(reference)
    guard power > 0 else { return nil }
    var explanation = LayerExplanation(
      name: program.populations[index].name, error: (squares(missing) / power).squareRoot(),
      remedies: [], causes: nil,
      rounding: try rounding(index, layer).map { ($0.squares / power).squareRoot() },
      deadChannels: 0, saturated: 0)
    guard triesRemedies else { return (explanation, [:]) }
    let units = layers[index].unit
    let limit = program.populations[index].biasLimit
    let means = fit.means(
      missing, channels: layer.bias.count, over: Array(0..<fit.samples.count))
    let moved = layer.bias.indices.map { channel in
      let bias = (layer.bias[channel] + Float(means[channel])) / units[channel]
      return min(max(bias.rounded(), -limit), limit)
    }
    var unbiased = layer
    unbiased.bias = zip(moved, units).map(*)
    let (connections, biases) = try solved(index, layer)
    var solved = layer
    solved.bias = zip(biases, units).map(*)
    solved.connections = connections.map { FloatConnection($0).scaled(units) }
    for (knob, changed) in [(LayerExplanation.Knob.bias, unbiased), (.weights, solved)] {
      let left = squares(try self.missing(changed) ?? missing)
      explanation.remedies.append(.init(knob: knob, error: (left / power).squareRoot()))
    }
    return (
      explanation,
      [
        .bias: Remedy(neurons: integrators(moved)),
        .weights: Remedy(neurons: integrators(biases), weights: connections),
      ]
    )
  }

  private func missing(_ layer: FitLayer) throws(PackError) -> [Float]? {
    try fit.missing(layer) { program.shape(of: $0) }
  }

  private func squares(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// Integrators with these biases; their thresholds are ignored.
  private func integrators(_ biases: [Float]) -> [FittedNeuron] {
    biases.map { FittedNeuron(threshold: 1, initial: 0, bias: $0, amplitude: 1, error: 0) }
  }
}
