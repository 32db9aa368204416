internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The largest input of a single tick, as ``SpikeNorm`` takes it.
extension LayerwiseFit {
  func setLargestInput(_ adjusting: inout Adjusting) throws(PackError) {
    let largest = try largestInputs(adjusting)
    let units = adjusting.units
    let input = zip(largest, units).map { $0 * $1 }.max() ?? 0
    // A threshold a neuron divides by what differs from place to place.
    guard input > 0, adjusting.population.thresholds.values.count == units.count else { return }
    let threshold = input / Float(adjusting.ladder.upper)
    let ceiling = adjusting.population.membrane.upperBound
    let most = min(max(1, Int32(exactly: adjusting.limit.rounded(.down)) ?? ceiling), ceiling)
    let whole =
      adjusting.sharesThreshold
      ? units.map { _ in shared(largest, adjusting, most) }
      : units.map { IntegerLevel.nearest(threshold, unit: $0, in: 1...most) }
    adjusting.population.thresholds = Parameter(whole)
    adjusting.population.initial = Parameter(whole.map { _ in 0 })
    adjusting.amplitude = zip(whole, units).map { Float($0) * $1 }
  }

  /// The layer's largest input of a tick in units of the membrane, which differ in what they stand for.
  private func shared(_ largest: [Float], _ adjusting: Adjusting, _ most: Int32) -> Int32 {
    let input = largest.max() ?? 0
    return IntegerLevel.nearest(input / Float(adjusting.ladder.upper), unit: 1, in: 1...most)
  }

  /// max Σ w·s + b of one tick, a channel, in units of the membrane; of |Σ w·s + b| where payloads
  /// of both signs carry both signs.
  private func largestInputs(_ adjusting: Adjusting) throws(PackError) -> [Float] {
    let channels = adjusting.units.count
    let (currents, cells, seen) = (adjusting.currents, adjusting.cells, seenSamples)
    let biases = adjusting.population.biases.values
    let isSigned = target(adjusting.layer, ladder: adjusting.ladder).lowerBound < 0
    let parts = try parallelUnits(count: seen.count, threads: threads) {
      (place) throws(PackError) -> [Float] in
      let values = try currents.values(
        seen[place]..<seen[place] + 1, inputs: inputs, inputSize: inputs.count / samples.count,
        trains: arrivals, waits: false)
      var largest = Array(repeating: -Float.infinity, count: channels)
      for row in 0..<timesteps * channels {
        let channel = row % channels
        let bias = Float(biases[channel * biases.count / channels])
        for value in values[row * cells..<(row + 1) * cells] {
          let input = value + bias
          largest[channel] = max(largest[channel], isSigned ? input.magnitude : input)
        }
      }
      return largest
    }
    return (0..<channels).map { channel in
      parts.reduce(-Float.infinity) { max($0, $1[channel]) }
    }
  }
}
