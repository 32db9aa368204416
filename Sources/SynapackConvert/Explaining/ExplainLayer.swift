internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// One population under the three changes.
extension Explainer {
  /// `nil` where nobody knows what the population should carry.
  mutating func explain(
    _ index: Int
  ) throws(PackError) -> (LayerExplanation, [LayerExplanation.Knob: Remedy])? {
    let population = program.populations[index]
    let incoming = program.incoming(index)
    let layer = try fitLayer(index, incoming)
    switch population.model {
    case .integrator: return try explainReadout(index, layer)
    case .integrateAndFire(let behaviour):
      let ladder = NeuronSearch.Ladder(
        lower: behaviour.payloads.lowerBound, upper: behaviour.payloads.upperBound,
        memory: behaviour.memory)
      let currents = try LayerCurrents(
        incoming.map(FloatConnection.init), neurons: population.shape.count, target: index,
        program)
      let trains = try fit.trains(of: population, currents, ladder: ladder)
      defer { fit.keep(trains, of: index) }
      return try explainNeurons(index, layer, currents, trains, ladder)
    }
  }

  /// The population as a fit sees it: weights and biases in the unit of the source network.
  private func fitLayer(_ index: Int, _ incoming: [Connection]) throws(PackError) -> FitLayer {
    let population = program.populations[index]
    let units = layers[index].unit
    let connections = incoming.map { connection in
      var real = FloatConnection(connection)
      let row = real.weights.count / max(1, units.count)
      for place in real.weights.indices { real.weights[place] *= units[place / max(1, row)] }
      real.amplitude = worth(of: connection.source)
      return real
    }
    let bias = units.indices.map { channel in
      Float(population.biases.values[channel * population.biases.values.count / units.count])
        * units[channel]
    }
    let isReadout = index == program.readout.population && population.model == .integrator
    return fit.layer(
      isReadout ? FitSamples.readout : population.name,
      WeightedInput(shape: population.shape, connections: connections, bias: bias))
  }

  /// What a payload of each channel of a source stands for.
  private func worth(of source: Source) -> [Float] {
    switch source {
    case .population(let index): return layers[index].amplitude
    case .input:
      guard case .constantCurrent(_, _, let scale) = program.input.encoding else { return [] }
      return Array(repeating: scale, count: program.input.shape.planes?.channels ?? 1)
    }
  }

  private func explainNeurons(
    _ index: Int, _ layer: FitLayer, _ currents: LayerCurrents, _ trains: PayloadTrains,
    _ ladder: NeuronSearch.Ladder
  ) throws(PackError) -> (LayerExplanation, [LayerExplanation.Knob: Remedy])? {
    let population = program.populations[index]
    let amplitude = layers[index].amplitude
    let channels = amplitude.count
    guard population.thresholds.values.count <= channels,
      let seen = try fit.observations(layer, currents, channels: channels, ladder: ladder)
    else { return nil }
    let trial = NeuronTrial(
      ladder: ladder, timesteps: program.timesteps, biasTicks: currents.biasTicks,
      limit: Float(population.membrane.upperBound))
    let start = population.fittedNeurons(amplitude)
    let now = trial.errors(seen, start.map { [$0] }, fit.threads)
    guard now.power > 0 else { return nil }
    let scaled = trial.errors(seen, start.map(trial.scaled), fit.threads)
    let moved = trial.errors(
      seen, start.map { trial.moved($0, limit: population.biasLimit) }, fit.threads)
    var remedies: [LayerExplanation.Knob: Remedy] = [
      .threshold: Remedy(neurons: scaled.best), .bias: Remedy(neurons: moved.best),
    ]
    var errors = [
      LayerExplanation.Remedy(knob: .threshold, error: scaled.relative),
      LayerExplanation.Remedy(knob: .bias, error: moved.relative),
    ]
    let (solved, biases) = try solved(index, layer)
    var rebiased = start
    for channel in start.indices { rebiased[channel].bias = biases[channel] }
    let other = try LayerCurrents(
      solved.map(FloatConnection.init), neurons: population.shape.count, target: index, program)
    if let seen = try fit.observations(layer, other, channels: channels, ladder: ladder) {
      let after = trial.errors(seen, rebiased.map { [$0] }, fit.threads)
      errors.append(LayerExplanation.Remedy(knob: .weights, error: after.relative))
      remedies[.weights] = Remedy(neurons: rebiased, weights: solved)
    }
    let parts = CarriedError(
      fit, layer, trains, population, amplitude: amplitude, ladder: ladder)
    return (
      LayerExplanation(
        name: population.name, error: now.relative, remedies: errors, causes: parts.causes,
        deadChannels: parts.deadChannels, saturated: parts.saturated),
      remedies
    )
  }

  /// The connections with weights solved for what the sources send, and the biases with them.
  private func solved(
    _ index: Int, _ layer: FitLayer
  ) throws(PackError) -> (connections: [Connection], biases: [Float]) {
    let refitted = try fit.refitted(layer) { program.shape(of: $0) }
    var connections = program.incoming(index)
    for (place, real) in refitted.connections.enumerated() {
      let units = layers[index].unit
      let row = max(1, real.weights.count / max(1, units.count))
      let range = IntegerLevel.range(bits: connections[place].weightBits)
      let values = real.weights.indices.map { weight in
        Int16(
          clamping: IntegerLevel.nearest(
            real.weights[weight], unit: units[weight / row], in: range))
      }
      let weights = IntegerWeights(shape: real.shape, values: values)
      switch connections[place].synapses {
      case .dense: connections[place].synapses = .dense(weights)
      case .convolution(_, let window, let groups):
        connections[place].synapses = .convolution(weights, window: window, groups: groups)
      }
    }
    let limit = program.populations[index].biasLimit
    let biases = zip(refitted.bias, layers[index].unit).map { bias, unit in
      min(max((bias / unit).rounded(), -limit), limit)
    }
    return (connections, biases)
  }

  private func explainReadout(
    _ index: Int, _ layer: FitLayer
  ) throws(PackError) -> (LayerExplanation, [LayerExplanation.Knob: Remedy])? {
    let shapes = { (source: Source) in program.shape(of: source) }
    guard index == program.readout.population,
      let missing = try fit.missing(layer, sources: shapes),
      let reference = fit.reference(layer)
    else { return nil }
    let power = reference.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard power > 0 else { return nil }
    let count = layer.bias.count
    let cells = max(1, layer.shape.count / max(1, count))
    let means = NeuronTrial.means(missing, channels: count, cells: cells)
    let error = missing.reduce(0.0) { $0 + Double($1) * Double($1) }
    let neurons = Double(missing.count / max(1, count))
    let unbiased = error - means.reduce(0.0) { $0 + $1 * $1 * neurons }
    let (connections, biases) = try solved(index, layer)
    let units = layers[index].unit
    var after = layer
    after.bias = zip(biases, units).map(*)
    for (place, connection) in connections.enumerated() {
      let row = max(1, after.connections[place].weights.count / max(1, count))
      let values = connection.synapses.weights.values
      for weight in values.indices {
        after.connections[place].weights[weight] = Float(values[weight]) * units[weight / row]
      }
    }
    let left = try fit.missing(after, sources: shapes) ?? []
    let solvedError = left.reduce(0.0) { $0 + Double($1) * Double($1) }
    let population = program.populations[index]
    let moved = zip(layer.bias, zip(means, units)).map { bias, change in
      min(
        max(((bias + Float(change.0)) / change.1).rounded(), -population.biasLimit),
        population.biasLimit)
    }
    return (
      LayerExplanation(
        name: population.name, error: (error / power).squareRoot(),
        remedies: [
          .init(knob: .bias, error: (max(0, unbiased) / power).squareRoot()),
          .init(knob: .weights, error: (solvedError / power).squareRoot()),
        ], causes: nil, deadChannels: 0, saturated: 0),
      [
        .bias: Remedy(neurons: population.integrators(moved)),
        .weights: Remedy(neurons: population.integrators(biases), weights: connections),
      ]
    )
  }
}

extension Population {
  /// Integrators with these biases; their thresholds are ignored.
  func integrators(_ biases: [Float]) -> [FittedNeuron] {
    biases.map { FittedNeuron(threshold: 1, initial: 0, bias: $0, amplitude: 1, error: 0) }
  }

  /// The largest bias of the declared width.
  var biasLimit: Float { Float(IntegerLevel.range(bits: biasBits).upperBound) }
}
