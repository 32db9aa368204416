/// What some neurons of a population hear in every tick, and the values that they should stand for.
struct NeuronObservations: Sendable {
  /// Those of one sample: currents [ticks][channels][kept], targets [channels][kept].
  struct Part: Sendable {
    var currents: [Float] = []
    var targets: [Float] = []
  }

  let parts: [Part]
  let timesteps: Int
  let channels: Int
  /// Neurons of each channel and sample.
  let kept: Int

  /// The currents of a channel, [ticks][neurons of all samples].
  func inputs(_ channel: Int) -> [Float] {
    var inputs: [Float] = []
    inputs.reserveCapacity(timesteps * parts.count * kept)
    for tick in 0..<timesteps {
      let start = (tick * channels + channel) * kept
      for part in parts { inputs += part.currents[start..<start + kept] }
    }
    return inputs
  }

  /// Σ y² of a channel.
  func power(_ channel: Int) -> Double {
    targets(channel).reduce(0) { $0 + Double($1) * Double($1) }
  }

  /// The targets of a channel, in the same order.
  func targets(_ channel: Int) -> [Float] {
    parts.flatMap { $0.targets[channel * kept..<(channel + 1) * kept] }
  }
}
