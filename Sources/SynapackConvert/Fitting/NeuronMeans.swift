internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What each neuron was to stand for and what it sent, averaged over samples.
struct NeuronMeans: Sendable {
  /// mean y, a neuron, in the unit of the source network.
  var wanted: [Double]
  /// mean n, a neuron; n: the sum of the payloads of a window.
  var sent: [Double]

  /// mean(y − (a/T)·n) of every neuron.
  func missing(_ amplitude: [Float], timesteps: Int) -> [Double] {
    let cells = max(1, wanted.count / max(1, amplitude.count))
    return wanted.indices.map { neuron in
      wanted[neuron] - Double(amplitude[neuron / cells]) * sent[neuron] / Double(timesteps)
    }
  }

  /// The mean over the neurons of each channel.
  static func perChannel(_ values: [Double], channels: Int) -> [Double] {
    let cells = max(1, values.count / max(1, channels))
    return (0..<channels).map { channel in
      values[channel * cells..<(channel + 1) * cells].reduce(0, +) / Double(cells)
    }
  }
}

extension LayerwiseFit {
  /// The means over the samples that a correction may see.
  ///
  /// - Parameter reference: the values before the neurons, [samples][neurons].
  func means(_ adjusting: Adjusting, _ reference: [Float]) throws(PackError) -> NeuronMeans {
    let (population, currents) = (adjusting.population, adjusting.currents)
    let neurons = Neurons(population, adjusting.ladder, currents.biasTicks)
    let range = target(adjusting.layer, ladder: adjusting.ladder)
    let (size, seen) = (population.shape.count, seenSamples)
    // A fixed number of parts, so that no sum depends on the threads.
    let parts = try parallelUnits(count: WeightRefit.parts, threads: threads) {
      (part) throws(PackError) -> NeuronMeans in
      let zeros = Array(repeating: 0.0, count: size)
      var means = NeuronMeans(wanted: zeros, sent: zeros)
      var uneven = Array(repeating: 0.0, count: neurons.parameters.count)
      for place in stride(from: part, to: seen.count, by: WeightRefit.parts) {
        let sample = seen[place]
        let payloads = neurons.payloads(
          try currents.values(
            sample..<sample + 1, inputs: inputs, inputSize: inputs.count / samples.count,
            trains: arrivals), &uneven)
        for index in payloads.indices { means.sent[index % size] += Double(payloads[index]) }
        for neuron in 0..<size {
          let value = reference[sample * size + neuron]
          means.wanted[neuron] += Double(min(max(value, range.lowerBound), range.upperBound))
        }
      }
      return means
    }
    let count = Double(max(1, seen.count))
    return NeuronMeans(
      wanted: (0..<size).map { neuron in parts.reduce(0) { $0 + $1.wanted[neuron] } / count },
      sent: (0..<size).map { neuron in parts.reduce(0) { $0 + $1.sent[neuron] } / count })
  }
}
