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
    _ attempt: NeuronAttempt, biasLimit: Float, index: Int
  ) throws(PackError) -> [FittedNeuron]? {
    guard steps.searchesNeurons,
      let seen = try observations(layer, currents, channels: start.count, ladder: attempt.ladder)
    else { return nil }
    let search = NeuronSearch(
      ladder: attempt.ladder, timesteps: timesteps, biasTicks: currents.biasTicks,
      limits: (attempt.limit, biasLimit), keepsThreshold: attempt.keepsThresholds,
      startsAtZero: self.start == .zero)
    let prices = price?.prices(layer.site, powers: start.indices.map(seen.power))
    let seed = seed
    return try parallelUnits(count: start.count, threads: threads) {
      (channel) throws(PackError) -> FittedNeuron in
      var search = search
      search.price = prices?[channel] ?? 0
      return search.best(
        inputs: seen.inputs(channel), targets: seen.targets(channel), unit: units[channel],
        start: start[channel], seed: seed &+ UInt64(index) << 32 &+ UInt64(channel))
    }
  }

  /// What some neurons of every channel hear and should stand for; `nil` where nobody knows.
  ///
  /// - Parameter wantedSamples: the samples to take; by default those that weights are solved on.
  func observations(
    _ layer: FitLayer, _ currents: LayerCurrents, channels: Int, ladder: NeuronSearch.Ladder,
    over wantedSamples: [Int]? = nil
  ) throws(PackError) -> NeuronObservations? {
    guard let reference = reference(layer) else { return nil }
    let (cells, neurons) = (layer.shape.count / max(1, channels), layer.shape.count)
    // Where a channel has few neurons, more samples make up for it.
    let wanted = max(LayerwiseFit.searched, LayerwiseFit.neurons / cells)
    let subset = Array(
      (wantedSamples ?? roles.samples(samples.count) { $0 == .solves }).prefix(wanted))
    let kept = max(1, min(cells, LayerwiseFit.neurons / max(1, subset.count)))
    let range = target(layer, ladder: ladder)
    let parts = try parallelUnits(count: subset.count, threads: threads) {
      (place) throws(PackError) -> NeuronObservations.Part in
      let sample = subset[place]
      let values = try currents.values(
        sample..<sample + 1, inputs: inputs, inputSize: inputs.count / samples.count,
        trains: arrivals)
      let positions = FitSamples.positions(kept, of: cells, sample: sample)
      var part = NeuronObservations.Part()
      for start in stride(from: 0, to: timesteps * neurons, by: cells) {
        for position in positions { part.currents.append(values[start + position]) }
      }
      for start in stride(from: sample * neurons, to: (sample + 1) * neurons, by: cells) {
        for position in positions {
          part.targets.append(
            min(max(reference[start + position], range.lowerBound), range.upperBound))
        }
      }
      return part
    }
    return NeuronObservations(parts: parts, timesteps: timesteps, channels: channels, kept: kept)
  }

  /// What the population sends on every sample.
  func trains(
    of population: Population, _ currents: LayerCurrents, ladder: NeuronSearch.Ladder
  ) throws(PackError) -> PayloadTrains {
    let unit = FitSamples.unit
    let neurons = Neurons(population, ladder, currents.biasTicks)
    let parts = try parallelUnits(count: (samples.count + unit - 1) / unit, threads: threads) {
      (place) throws(PackError) -> (payloads: [Int16], uneven: [Double], sum: Int) in
      var payloads: [Int16] = []
      var uneven = Array(repeating: 0.0, count: neurons.parameters.count)
      for sample in place * unit..<min((place + 1) * unit, samples.count) {
        let values = try currents.values(
          sample..<sample + 1, inputs: inputs, inputSize: inputs.count / samples.count,
          trains: arrivals)
        payloads += neurons.payloads(values, &uneven)
      }
      var sum = 0
      for payload in payloads { sum += Int(payload.magnitude) }
      return (payloads, uneven, sum)
    }
    var uneven = Array(repeating: 0.0, count: neurons.parameters.count)
    for part in parts { for row in uneven.indices { uneven[row] += part.uneven[row] } }
    return PayloadTrains(
      neurons: population.shape.count, ticks: timesteps, unit: unit, units: parts.map(\.payloads),
      uneven: uneven, payload: parts.reduce(0) { $0 + $1.sum })
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
    let lists = [population.thresholds, population.initial, population.biases]
    // One value a channel in all of them, or one a neuron in all.
    let rows = lists.map(\.values.count).max() ?? 1
    parameters = (0..<rows).map { population.neuron(row: $0, of: rows) }
  }

  /// The payloads of one sample, [ticks][neurons]; what came unevenly is added to `uneven`.
  func payloads(_ currents: [Float], _ uneven: inout [Double]) -> [Int16] {
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
                unsafe uneven[row] += missed(membranes, sums, neuron)
              }
            }
          }
        }
      }
    }
    return payloads
  }

  /// Σ (n − n*)² of one run, from its membranes and sums at the end.
  private func missed(
    _ membranes: UnsafeMutableBufferPointer<Float>, _ sums: UnsafeMutableBufferPointer<Float>,
    _ neuron: FittedNeuron
  ) -> Double {
    let most = Float(ladder.upper * biasTicks.count)
    let least = ladder.memory ? 0 : Float(ladder.lower * biasTicks.count)
    var squares: Float = 0
    for index in sums.indices {
      let sum = unsafe sums[index]
      let owed = unsafe (membranes[index] / neuron.threshold).rounded(.down)
      let whole = min(max(sum + owed, least), most)
      squares += (whole - sum) * (whole - sum)
    }
    return Double(squares)
  }
}
