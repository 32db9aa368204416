internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The mean error before the neurons moved into the bias.
extension LayerwiseFit {
  /// Biases shifted by the mean of what is missing before the neurons, where nothing behind them
  /// will do it: always for the readout, and where means are matched for every population.
  func shifted(_ layer: FitLayer, sources: (Source) -> Shape) throws(PackError) -> FitLayer {
    guard steps.adjustment == .means || layer.site == FitSamples.readout,
      let adjustment = steps.adjustment, adjustment != .largestInput,
      // Where nothing but spikes is compared, a bias has no unit of its own.
      layer.connections.contains(where: { $0.passes == nil }),
      let reference = reference(layer)
    else { return layer }
    let averages = layer.connections.map { self.averages($0.source) }
    let missing = try missing(layer, averages, reference, sources)
    var layer = layer
    let (neurons, channels) = (layer.shape.count, layer.bias.count)
    let cells = neurons / max(1, channels)
    let seen = seenSamples
    for channel in 0..<channels {
      var sum = 0.0
      for sample in seen {
        let start = sample * neurons + channel * cells
        for place in start..<start + cells { sum += Double(missing[place]) }
      }
      layer.bias[channel] += Float(sum / Double(max(1, seen.count * cells)))
    }
    return layer
  }
}
