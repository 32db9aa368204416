internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Lowering with a fit: each population is solved and searched on its way into the program.
extension ProgramLowering {
  /// Solves the weights of the population `name` before they become integers.
  ///
  /// - Parameters:
  ///   - shown: what people call it, where that is not its name in the fit.
  ///   - least: what the unit of each channel is at least.
  func refit(
    _ input: inout WeightedInput, _ name: String, called shown: String? = nil,
    least: [Float] = [], _ report: inout Report
  ) throws(PackError) {
    guard let fit, isFitted, input.isPlain else { return }
    var whole = fit.layer(name, input)
    whole.least = least
    whole.biasLimit = Float(IntegerLevel.range(bits: options.biasBits).upperBound)
    if fit.isTooWide(whole) {
      report.add(
        Finding(
          .fitLimited, .note, "the layer is too wide to solve its weights",
          at: .layer(shown ?? name)))
    }
    let solved = try fit.refitted(whole, sources: { source in shape(of: source) })
    let layer = try fit.shifted(solved, sources: { source in shape(of: source) })
    input.connections = layer.connections
    input.bias = layer.bias
    input.units = layer.units
  }

  /// Searches the neurons of the last population, whose connections are integers already, and runs
  /// it on every sample.
  mutating func fitNeurons(
    _ input: WeightedInput, _ units: [Float], _ attempt: NeuronAttempt,
    _ amplitude: inout [Float]
  ) throws(PackError) -> FittedLayer? {
    guard let fit else { return nil }
    let index = populations.count - 1
    var currents = try fitCurrents(index)
    let (ladder, limit) = (attempt.ladder, attempt.limit)
    let layer = fit.layer(populations[index].name, input)
    var attempt = attempt
    attempt.amplitude = amplitude
    if let neurons = try searchedNeurons(input, units, attempt) {
      populations[index].set(neurons)
      amplitude = neurons.map(\.amplitude)
      if silence(neurons, index) {
        currents = try fitCurrents(index)
      }
    }
    if isFitted, input.isPlain {
      var adjusting = Adjusting(
        population: populations[index], amplitude: amplitude, layer: layer, currents: currents,
        units: units, ladder: ladder, limit: limit, sharesThreshold: attempt.keepsThresholds)
      try fit.adjust(&adjusting)
      populations[index] = adjusting.population
      amplitude = adjusting.amplitude
    }
    let trains = try fit.trains(of: populations[index], currents, ladder: ladder)
    self.fit?.keep(trains, of: index)
    self.fit?.release(site: populations[index].name)
    return FittedLayer(payload: trains.payload)
  }

  /// The best neuron of each channel of the last population; `nil` where nothing is searched.
  func searchedNeurons(
    _ input: WeightedInput, _ units: [Float], _ attempt: NeuronAttempt
  ) throws(PackError) -> [FittedNeuron]? {
    let index = populations.count - 1
    let population = populations[index]
    guard let fit, population.thresholds.values.count == attempt.amplitude.count,
      input.isPlain
    else { return nil }
    return try fit.searched(
      fit.layer(population.name, input), fitCurrents(index),
      start: population.fittedNeurons(attempt.amplitude), units: units, attempt,
      biasLimit: population.biasLimit, index: index)
  }

  /// Whether what is solved holds for the neurons: corrections by means are formulas of subtraction.
  private var isFitted: Bool { options.reset == .subtract || fit?.steps.adjustment == nil }

  /// Whether the method starts the membranes of a population at zero by itself, with no bias for it.
  func startsAtZero(_ name: String, _ input: WeightedInput) -> Bool {
    guard let fit, fit.steps.adjustment == .largestInput, isFitted, input.isPlain else {
      return false
    }
    return fit.reference(fit.layer(name, input)) != nil
  }

  /// What the last population hears of its sources.
  private func fitCurrents(_ index: Int) throws(PackError) -> LayerCurrents {
    try LayerCurrents(
      connections.filter { $0.target == index }.map(FloatConnection.init),
      neurons: populations[index].shape.count, target: index, partialProgram())
  }

  /// Takes the weights away from neurons that are to say nothing; whether there are any.
  private mutating func silence(_ neurons: [FittedNeuron], _ target: Int) -> Bool {
    guard neurons.contains(where: \.isSilent) else { return false }
    for index in connections.indices where connections[index].target == target {
      connections[index].synapses.clear(rows: neurons.map(\.isSilent))
    }
    return true
  }

  /// The program so far, for its clock.
  private func partialProgram() -> SpikingProgram {
    SpikingProgram(
      timesteps: options.timesteps, schedule: options.schedule,
      input: InputPort(name: "", shape: shape(of: .input), encoding: encoding),
      populations: populations, connections: connections,
      readout: Readout(population: 0, decoding: .membrane, unit: 1))
  }

  private func shape(of source: Source) -> Shape {
    guard case .population(let index) = source else { return graph.shape(of: graph.inputs[0]) }
    return populations[index].shape
  }
}

/// What a search over neurons may change.
struct NeuronAttempt {
  let ladder: NeuronSearch.Ladder
  /// The largest threshold and initial membrane that the program's widths hold.
  let limit: Float
  /// What a payload stands for before the search, a channel.
  var amplitude: [Float]
  /// Whether thresholds stay as they are.
  var keepsThresholds = false
}

extension Population {
  /// Takes the neurons as integers of the declared widths; what is no number becomes 0.
  mutating func set(_ neurons: [FittedNeuron]) {
    func parameter(_ values: [Float], _ range: ClosedRange<Int32>) -> Parameter {
      Parameter(values.map { IntegerLevel.nearest($0, unit: 1, in: range) })
    }
    thresholds = parameter(neurons.map(\.threshold), 1...max(1, membrane.upperBound))
    initial = parameter(neurons.map(\.initial), membrane)
    biases = parameter(neurons.map(\.bias), IntegerLevel.range(bits: biasBits))
  }

  /// One threshold instead of as many equal ones.
  mutating func shareThreshold() {
    guard let first = thresholds.values.first, thresholds.values.allSatisfy({ $0 == first }) else {
      return
    }
    thresholds = Parameter([first])
  }

  /// The neurons as they stand, one a channel.
  func fittedNeurons(_ amplitude: [Float]) -> [FittedNeuron] {
    amplitude.indices.map { neuron(row: $0, of: amplitude.count, amplitude: amplitude[$0]) }
  }

  /// The neurons of one of `rows` equal runs, by its first.
  func neuron(row: Int, of rows: Int, amplitude: Float = 0) -> FittedNeuron {
    func value(_ parameter: Parameter) -> Float {
      Float(parameter.values[row * parameter.values.count / rows])
    }
    return FittedNeuron(
      threshold: value(thresholds), initial: value(initial), bias: value(biases),
      amplitude: amplitude, error: 0)
  }

  /// The largest bias of the declared width.
  var biasLimit: Float { Float(IntegerLevel.range(bits: biasBits).upperBound) }
}

extension Synapses {
  /// Sets the weights of some of equally long runs of rows to zero.
  fileprivate mutating func clear(rows isCleared: [Bool]) {
    let run = weights.values.count / max(1, isCleared.count)
    let values = weights.values.enumerated().map { place, value in
      isCleared[min(place / max(1, run), isCleared.count - 1)] ? 0 : value
    }
    let cleared = IntegerWeights(shape: weights.shape, values: values)
    switch self {
    case .dense: self = .dense(cleared)
    case .convolution(_, let window, let groups):
      self = .convolution(cleared, window: window, groups: groups)
    }
  }
}

extension WeightedInput {
  /// Whether it has one bias a channel and the layout of its wire, as a fit takes it.
  var isPlain: Bool { places == nil && order == nil }
}
