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
    // Programs that have any are run as a whole.
    case .compensated: return nil
    case .integrateAndFire(let behaviour):
      let ladder = NeuronSearch.Ladder(
        lower: behaviour.payloads.lowerBound, upper: behaviour.payloads.upperBound,
        memory: behaviour.memory, forgets: behaviour.reset == .zero)
      let currents = try LayerCurrents(
        incoming.map(FloatConnection.init), neurons: population.shape.count, target: index,
        program)
      let trains = try fit.trains(of: population, currents, ladder: ladder)
      defer { fit.keep(trains, of: index) }
      if triesRemedies {
        if let wanted = due.trains(dueOf: layer, layers[index].amplitude, ladder) {
          due.keep(wanted, of: index)
        } else {
          due.keep(try due.trains(of: population, currents, ladder: ladder), of: index)
        }
      }
      return try explainNeurons(index, layer, currents, trains, ladder)
    }
  }

  /// The population as a fit sees it: weights and biases in the unit of the source network.
  private func fitLayer(_ index: Int, _ incoming: [Connection]) throws(PackError) -> FitLayer {
    let population = program.populations[index]
    let units = layers[index].unit
    let connections = incoming.map { connection in
      var real = FloatConnection(connection).scaled(units)
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
      return Array(
        repeating: program.input.encoding.scale,
        count: program.input.shape.planes?.channels ?? 1)
    }
  }

  private func explainNeurons(
    _ index: Int, _ layer: FitLayer, _ currents: LayerCurrents, _ trains: PayloadTrains,
    _ ladder: NeuronSearch.Ladder
  ) throws(PackError) -> (LayerExplanation, [LayerExplanation.Knob: Remedy])? {
    let population = program.populations[index]
    let amplitude = layers[index].amplitude
    let channels = amplitude.count
    let parts = CarriedError(
      fit, layer, trains, population, amplitude: amplitude, ladder: ladder,
      rounding: try rounding(index, layer))
    guard let error = parts.error else { return nil }
    var explanation = LayerExplanation(
      name: population.name, error: error, remedies: [], causes: parts.causes,
      rounding: parts.rounding, deadChannels: parts.deadChannels, saturated: parts.saturated,
      isSilent: parts.isSilent)
    // Parameters of a neuron's own cannot be judged by its channel.
    let isPerChannel = [population.thresholds, population.initial, population.biases]
      .allSatisfy { $0.values.count <= channels }
    guard triesRemedies, isPerChannel, !parts.isSilent,
      let heard = try trials(index, layer, currents, ladder, hearing: fit)
    else { return (explanation, [:]) }
    (explanation.error, explanation.remedies) = (heard.outcome.error, heard.outcome.remedies)
    explanation.own = try trials(index, layer, currents, ladder, hearing: due)?.outcome
    return (explanation, heard.changes)
  }

  /// What each change of a population that fires leaves of its error, on what a fit has its sources
  /// send; `nil` where its values are not known. Changes are judged on samples that did not make them.
  private func trials(
    _ index: Int, _ layer: FitLayer, _ currents: LayerCurrents, _ ladder: NeuronSearch.Ladder,
    hearing fit: LayerwiseFit
  ) throws(PackError) -> Trials? {
    let population = program.populations[index]
    let amplitude = layers[index].amplitude
    let channels = amplitude.count
    let judges = fit.roles.judges(fit.samples.count)
    guard
      let seen = try fit.observations(
        layer, currents, channels: channels, ladder: ladder,
        over: fit.roles.learners(fit.samples.count)),
      let judged = try fit.observations(
        layer, currents, channels: channels, ladder: ladder, over: judges)
    else { return nil }
    let trial = NeuronTrial(
      ladder: ladder, timesteps: program.timesteps, biasTicks: currents.biasTicks,
      limit: Float(population.membrane.upperBound))
    let start = population.fittedNeurons(amplitude)
    let scaled = trial.errors(
      seen, zip(start, layers[index].unit).map { trial.scaled($0, unit: $1) }, fit.threads
    ).best
    let moved = trial.errors(
      seen, start.map { trial.moved($0, limit: population.biasLimit) }, fit.threads
    ).best
    let (solved, biases) = try solved(index, layer, hearing: fit)
    var rebiased = start
    for channel in start.indices { rebiased[channel].bias = biases[channel] }
    let other = try LayerCurrents(
      solved.map(FloatConnection.init), neurons: population.shape.count, target: index, program)
    guard
      let heard = try fit.observations(
        layer, other, channels: channels, ladder: ladder, over: judges)
    else { return nil }
    func left(_ neurons: [FittedNeuron], _ observed: NeuronObservations) -> Double {
      trial.errors(observed, neurons.map { [$0] }, fit.threads).relative
    }
    var trials = Trials(outcome: .init(error: left(start, judged)))
    trials.add(.threshold, left(scaled, judged), Remedy(neurons: scaled))
    trials.add(.bias, left(moved, judged), Remedy(neurons: moved))
    trials.add(.weights, left(rebiased, heard), Remedy(neurons: rebiased, weights: solved))
    return trials
  }

  /// The three changes of one population, and what each leaves of its error.
  struct Trials {
    var outcome: LayerExplanation.Outcome
    var changes: [LayerExplanation.Knob: Remedy] = [:]

    mutating func add(_ knob: LayerExplanation.Knob, _ error: Double, _ remedy: Remedy) {
      outcome.remedies.append(.init(knob: knob, error: error))
      changes[knob] = remedy
    }
  }

  /// The connections with weights solved for what the sources send, and the biases with them.
  func solved(
    _ index: Int, _ layer: FitLayer, hearing fit: LayerwiseFit
  ) throws(PackError) -> (connections: [Connection], biases: [Float]) {
    let refitted = try fit.refitted(layer) { program.shape(of: $0) }
    let units = layers[index].unit
    let connections = zip(program.incoming(index), refitted.connections).map { old, real in
      real.quantized(units, bits: old.weightBits, to: index)
    }
    let limit = program.populations[index].biasLimit
    let biases = zip(refitted.bias, units).map { bias, unit in
      min(max((bias / unit).rounded(), -limit), limit)
    }
    return (connections, biases)
  }
}
