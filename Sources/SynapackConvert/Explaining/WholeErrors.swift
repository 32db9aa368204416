internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// The errors of every population of a program with neurons that compute on running means.
///
/// Such neurons multiply what they hear, so no change of one layer's parameters is solved for on its
/// own. The program runs as a whole instead, and what every population sent in all ticks is held
/// against the source network:
///
///     error = √(Σ (y − a·n/T)² / Σ y²)
///
/// y: the value in the source network, n: the sum of a neuron's payloads over T ticks, a: what a
/// payload stands for. The error of the worst source stands beside it, so that the layer where the
/// error rises can be told from those that only pass it on.
struct WholeErrors {
  private let program: SpikingProgram
  private let layers: [LoweredLayer]
  private let fit: LayerwiseFit
  private let inputError: Double

  init(
    _ program: SpikingProgram, _ layers: [LoweredLayer], _ fit: LayerwiseFit, _ inputError: Double
  ) {
    self.program = program
    self.layers = layers
    self.fit = fit
    self.inputError = inputError
  }

  func explanation() throws(PackError) -> DropExplanation {
    let simulator = try Simulator(program)
    let places = program.populations.indices.map(place)
    let parts = try parallelUnits(count: fit.samples.count, threads: fit.threads) {
      (sample) throws(PackError) -> [Sums?] in
      let (states, outcome) = try simulator.ended(encoded(sample))
      return states.enumerated().map { index, state in
        places[index].map { place in
          place.sums(
            index == program.readout.population ? outcome.scores : state.payloads, sample)
        }
      }
    }
    var explanation = DropExplanation(layers: [], inputError: inputError, suspects: [])
    var errors: [Double?] = []
    for (index, population) in program.populations.enumerated() {
      var sums: Sums?
      for part in parts {
        guard let more = part[index] else { continue }
        sums = sums?.adding(more) ?? more
      }
      errors.append(sums?.error)
      guard let sums else {
        explanation.unexplained.append(.init(name: population.name, reason: Explainer.unknown))
        continue
      }
      explanation.layers.append(
        sums.layer(
          named: population.name,
          heard: (sources(of: index).compactMap { errors[$0] } + ownInput(of: index)).max() ?? 0))
    }
    return explanation
  }

  /// The payloads of one sample's input, of every tick where they differ.
  private func encoded(_ sample: Int) -> [Int32] {
    let values = fit.samples.inputs
    let size = values.count / max(1, fit.samples.count)
    return program.encode(Array(values[sample * size..<(sample + 1) * size])).payloads
  }

  /// The error of the input for a population that hears it.
  private func ownInput(of index: Int) -> [Double] {
    program.incoming(index).contains { $0.source == .input } ? [inputError] : []
  }

  private func sources(of index: Int) -> [Int] {
    let heard = program.incoming(index).compactMap { connection -> Int? in
      guard case .population(let source) = connection.source else { return nil }
      return source
    }
    guard case .compensated(let compensation) = program.populations[index].model else {
      return heard
    }
    return heard + compensation.operands
  }

  /// Where the values of a population stand; `nil` where nobody knows them.
  private func place(_ index: Int) -> Place? {
    let population = program.populations[index]
    let isReadout = index == program.readout.population
    let layer = fit.layer(
      isReadout ? FitSamples.readout : population.name,
      WeightedInput(shape: population.shape, connections: [], bias: []))
    guard let values = fit.reference(layer) else { return nil }
    // The readout's own unit is that of the ticks that it was made for, which may be others.
    let worth = (isReadout ? layers[index].unit : layers[index].amplitude)
      .map { $0 / Float(program.timesteps) }
    guard !worth.isEmpty else { return nil }
    return Place(
      values: values, neurons: population.shape.count, worth: worth,
      order: fit.samples.wires[layer.site].flatMap {
        Layout.neurons(of: population.shape, on: $0)
      },
      range: isReadout
        ? -Float.infinity ... .infinity
        : fit.target(layer, signed: population.payloads.lowerBound < 0),
      full: isReadout ? .max : Int64(population.payloads.upperBound * program.timesteps))
  }

  /// The values of one population, and what its sums of payloads stand for.
  private struct Place: Sendable {
    var values: [Float]
    var neurons: Int
    /// What one of the sum stands for, by channel.
    var worth: [Float]
    /// For each value its neuron; `nil` where both lie in one order.
    var order: [Int]?
    var range: ClosedRange<Float>
    /// The sum of a neuron that sent the largest payload in every tick.
    var full: Int64

    func sums(_ sent: [Int64], _ sample: Int) -> Sums {
      var sums = Sums(channels: worth.count)
      let cells = max(1, neurons / worth.count)
      for index in sent.indices {
        let neuron = order?[index] ?? index
        let channel = min(neuron / cells, worth.count - 1)
        let value = values[sample * neurons + index]
        sums.add(
          Double(min(max(value, range.lowerBound), range.upperBound)), sent[neuron],
          worth: Double(worth[channel]), channel: channel, full: full)
      }
      return sums
    }
  }
}

/// Sums over the values of a population.
private struct Sums: Sendable {
  var missed = 0.0
  var power = 0.0
  var full = 0
  var count = 0
  /// Whether each channel sent anything, and whether it should have.
  var sent: [Bool]
  var wanted: [Bool]

  init(channels: Int) {
    sent = Array(repeating: false, count: channels)
    wanted = sent
  }

  mutating func add(_ value: Double, _ sum: Int64, worth: Double, channel: Int, full most: Int64) {
    let left = value - worth * Double(sum)
    missed += left * left
    power += value * value
    count += 1
    if sum >= most { full += 1 }
    if sum != 0 { sent[channel] = true }
    if value.magnitude > worth { wanted[channel] = true }
  }

  func adding(_ other: Sums) -> Sums {
    var all = self
    all.missed += other.missed
    all.power += other.power
    all.full += other.full
    all.count += other.count
    for channel in sent.indices {
      all.sent[channel] = sent[channel] || other.sent[channel]
      all.wanted[channel] = wanted[channel] || other.wanted[channel]
    }
    return all
  }

  var error: Double {
    guard power > 0 else { return missed > 0 ? 1 : 0 }
    return (missed / power).squareRoot()
  }

  func layer(named name: String, heard: Double) -> LayerExplanation {
    var layer = LayerExplanation(
      name: name, error: error, remedies: [], causes: nil,
      deadChannels: zip(sent, wanted).count { !$0 && $1 },
      saturated: Double(full) / Double(max(1, count)), isSilent: power == 0)
    layer.heard = heard
    return layer
  }
}
