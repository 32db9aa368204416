internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Neurons of a population whose weights are integers already: searched, then run.
extension LayerwiseFit {
  /// The best neuron of each channel; `nil` where the population's values are not known.
  ///
  /// - Parameters:
  ///   - start: a neuron a channel, as balancing left it.
  ///   - units: what one unit of the membrane stands for, a channel.
  func searched(
    _ layer: FitLayer, _ currents: LayerCurrents, start: [FittedNeuron], units: [Float],
    ladder: NeuronSearch.Ladder, limits: (membrane: Float, bias: Float), index: Int
  ) throws(PackError) -> [FittedNeuron]? {
    guard steps.searchesNeurons, let reference = reference(layer) else { return nil }
    let channels = start.count
    let cells = layer.shape.count / max(1, channels)
    // Where a channel has few neurons, more samples make up for it.
    let wanted = max(LayerwiseFit.searched, LayerwiseFit.neurons / cells)
    let subset = (0..<samples.count).filter { !WeightRefit.isHeldOut($0) }.prefix(wanted)
    let range = target(layer, ladder: ladder)
    let kept = max(1, min(cells, LayerwiseFit.neurons / max(1, subset.count)))
    let picked = try picked(
      Array(subset), layer.shape.count, cells: cells, kept: kept, currents, reference)
    let search = NeuronSearch(
      ladder: ladder, timesteps: timesteps, biasTicks: currents.biasTicks, limits: limits)
    let (timesteps, seed, count) = (timesteps, seed, subset.count * kept)
    return try parallelUnits(count: channels, threads: threads) {
      (channel) throws(PackError) -> FittedNeuron in
      var inputs: [Float] = []
      inputs.reserveCapacity(timesteps * count)
      for tick in 0..<timesteps {
        for part in picked { inputs += part.currents(channel, tick, kept, channels) }
      }
      let targets = picked.flatMap { part in
        part.targets[channel * kept..<(channel + 1) * kept].map {
          min(max($0, range.lowerBound), range.upperBound)
        }
      }
      return search.best(
        inputs: inputs, targets: targets, unit: units[channel], start: start[channel],
        seed: seed &+ UInt64(index) << 32 &+ UInt64(channel))
    }
  }

  /// Some neurons of one sample: their currents [ticks][channels][kept] and targets
  /// [channels][kept].
  private struct Picked: Sendable {
    var values: [Float]
    var targets: [Float]

    func currents(_ channel: Int, _ tick: Int, _ kept: Int, _ channels: Int) -> ArraySlice<Float> {
      let start = (tick * channels + channel) * kept
      return values[start..<start + kept]
    }
  }

  private func picked(
    _ subset: [Int], _ neurons: Int, cells: Int, kept: Int, _ currents: LayerCurrents,
    _ reference: [Float]
  ) throws(PackError) -> [Picked] {
    try parallelUnits(count: subset.count, threads: threads) {
      (place) throws(PackError) -> Picked in
      let sample = subset[place]
      let values = try currents.values(
        sample..<sample + 1, inputs: inputs, inputSize: inputs.count / samples.count,
        trains: trains)
      let positions = (0..<kept).map { ($0 * cells / kept + sample * 7) % cells }
      var picked = Picked(values: [], targets: [])
      for start in stride(from: 0, to: timesteps * neurons, by: cells) {
        for position in positions { picked.values.append(values[start + position]) }
      }
      for start in stride(from: 0, to: neurons, by: cells) {
        for position in positions {
          picked.targets.append(reference[sample * neurons + start + position])
        }
      }
      return picked
    }
  }

  /// Σ (y − a·n/T)² / Σ y² over the samples held out; `nil` where y is not known or always zero.
  func error(
    _ layer: FitLayer, _ trains: PayloadTrains, _ amplitude: [Float],
    ladder: NeuronSearch.Ladder
  ) -> Double? {
    guard let reference = reference(layer) else { return nil }
    let range = target(layer, ladder: ladder)
    let (neurons, ticks) = (trains.neurons, Float(timesteps))
    let cells = max(1, neurons / max(1, amplitude.count))
    var (missed, power) = (0.0, 0.0)
    var sums = Array(repeating: Float(0), count: neurons)
    for sample in 0..<samples.count where WeightRefit.isHeldOut(sample) {
      for index in sums.indices { sums[index] = 0 }
      trains.totals(sample: sample, into: &sums, at: 0)
      for neuron in 0..<neurons {
        let value = reference[sample * neurons + neuron]
        let wanted = min(max(value, range.lowerBound), range.upperBound)
        let error =
          wanted - amplitude[min(neuron / cells, amplitude.count - 1)] * sums[neuron] / ticks
        missed += Double(error * error)
        power += Double(wanted * wanted)
      }
    }
    return power > 0 ? missed / power : nil
  }

  /// What the population sends on every sample.
  func trains(
    of population: Population, _ currents: LayerCurrents, ladder: NeuronSearch.Ladder
  ) throws(PackError) -> PayloadTrains {
    let unit = FitSamples.unit
    let neurons = Neurons(population, ladder, currents.biasTicks)
    let units = try parallelUnits(count: (samples.count + unit - 1) / unit, threads: threads) {
      (place) throws(PackError) -> [Int16] in
      var payloads: [Int16] = []
      for sample in place * unit..<min((place + 1) * unit, samples.count) {
        let values = try currents.values(
          sample..<sample + 1, inputs: inputs, inputSize: inputs.count / samples.count,
          trains: trains)
        payloads += neurons.payloads(values)
      }
      return payloads
    }
    return PayloadTrains(
      neurons: population.shape.count, ticks: timesteps, unit: unit, units: units)
  }
}

/// A population's neurons with whole parameters, ready to run in real numbers.
struct Neurons: Sendable {
  let count: Int
  let parameters: [FittedNeuron]
  let ladder: NeuronSearch.Ladder
  let biasTicks: [Float]

  init(_ population: Population, _ ladder: NeuronSearch.Ladder, _ biasTicks: [Float]) {
    count = population.shape.count
    self.ladder = ladder
    self.biasTicks = biasTicks
    let lists = [population.thresholds, population.initial, population.biases].map(\.values)
    // One value a channel in all of them, or one a neuron in all.
    let rows = lists.map(\.count).max() ?? 1
    parameters = (0..<rows).map { row in
      func value(_ list: [Int32]) -> Float { Float(list[row * list.count / rows]) }
      return FittedNeuron(
        threshold: value(lists[0]), initial: value(lists[1]), bias: value(lists[2]),
        amplitude: 0, error: 0)
    }
  }

  /// The payloads of one sample, [ticks][neurons].
  func payloads(_ currents: [Float]) -> [Int16] {
    let ticks = biasTicks.count
    var payloads = Array(repeating: Int16(0), count: ticks * count)
    let run = count / parameters.count
    var membranes = Array(repeating: Float(0), count: run)
    var sums = membranes
    unsafe currents.withUnsafeBufferPointer { currents in
      unsafe payloads.withUnsafeMutableBufferPointer { payloads in
        unsafe biasTicks.withUnsafeBufferPointer { biasTicks in
          unsafe membranes.withUnsafeMutableBufferPointer { membranes in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
              guard let input = currents.baseAddress, let sent = payloads.baseAddress else {
                return
              }
              for (row, neuron) in parameters.enumerated() {
                unsafe synapack_run_neurons(
                  input + row * run, biasTicks.baseAddress, ticks, count, run,
                  synapack_neuron(neuron), synapack_ladder(ladder), sent + row * run,
                  membranes.baseAddress, sums.baseAddress)
              }
            }
          }
        }
      }
    }
    return payloads
  }
}
