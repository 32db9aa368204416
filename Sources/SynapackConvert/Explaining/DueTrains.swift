internal import SynapackProgram
internal import SynapackTensor

extension LayerwiseFit {
  /// What a population should send of its values in the source network: the nearest whole number of
  /// payloads, as even in time as they come.
  ///
  ///     n = ⌊min(max(y·T/a, lower), upper) + ½⌋,  s(t) = ⌊(t+1)·n/T + ½⌋ − ⌊t·n/T + ½⌋
  ///
  /// `nil` where nobody knows the values.
  func trains(
    dueOf layer: FitLayer, _ amplitude: [Float], _ ladder: NeuronSearch.Ladder
  ) -> PayloadTrains? {
    guard let reference = reference(layer), !amplitude.isEmpty else { return nil }
    let (neurons, ticks) = (layer.shape.count, timesteps)
    let cells = max(1, neurons / amplitude.count)
    let range = target(layer, ladder: ladder)
    // Trains hold payloads of 16 bits, as those of a run do.
    let most = Float(min(ladder.upper, Int(Int16.max)) * ticks)
    let least = ladder.memory ? 0 : Float(max(ladder.lower, Int(Int16.min)) * ticks)
    var payload = 0
    let units = (0..<samples.count).map { sample in
      var sent = Array(repeating: Int16(0), count: ticks * neurons)
      for neuron in 0..<neurons {
        let unit = amplitude[min(neuron / cells, amplitude.count - 1)] / Float(ticks)
        let value = reference[sample * neurons + neuron]
        guard unit > 0, value.isFinite else { continue }
        let held = min(max(value, range.lowerBound), range.upperBound) / unit
        let count = Int((min(max(held, least), most) + 0.5).rounded(.down))
        guard count != 0 else { continue }
        payload += abs(count)
        var before = 0
        for tick in 0..<ticks {
          // Twice the sum and T over 2T, so that halves are whole.
          let twice = 2 * (tick + 1) * count + ticks
          let sum = (twice - (twice % (2 * ticks) + 2 * ticks) % (2 * ticks)) / (2 * ticks)
          sent[tick * neurons + neuron] = Int16(clamping: sum - before)
          before = sum
        }
      }
      return sent
    }
    return PayloadTrains(
      neurons: neurons, ticks: ticks, unit: 1, units: units, uneven: [], payload: payload)
  }
}
