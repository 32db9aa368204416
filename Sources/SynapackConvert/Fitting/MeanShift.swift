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
      let missing = try missing(layer, sources: sources)
    else { return layer }
    var layer = layer
    let means = means(missing, channels: layer.bias.count, over: seenSamples)
    for channel in means.indices { layer.bias[channel] += Float(means[channel]) }
    return layer
  }

  /// The mean of [samples][channels][cells] over some samples and all cells, a channel.
  func means(_ values: [Float], channels: Int, over seen: [Int]) -> [Double] {
    let neurons = values.count / max(1, samples.count)
    let cells = neurons / max(1, channels)
    return (0..<channels).map { channel in
      var sum = 0.0
      for sample in seen {
        let start = sample * neurons + channel * cells
        for place in start..<start + cells { sum += Double(values[place]) }
      }
      return sum / Double(max(1, seen.count * cells))
    }
  }
}
