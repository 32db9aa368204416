/// Spikes drawn independently in every tick.
///
///     P(s_i(t) = sign(x_i)) = min(|x_i| / scale, 1)
///
/// The probability is rounded to sixteen bits and compared with sixteen bits of a hash of seed, tick
/// and neuron, so that every machine draws the same.
struct PoissonSource {
  let isSigned: Bool
  let scale: Float
  let seed: UInt64

  /// [ticks][neurons], and how many values had a probability outside 0...1.
  func spikes(_ values: [Float], ticks: Int) -> (payloads: [Int32], clipped: Int) {
    var clipped = 0
    let levels = values.map { value -> (sign: Int32, level: UInt32) in
      guard !value.isNaN else { return (0, 0) }
      if value.magnitude > scale || (value < 0 && !isSigned) { clipped += 1 }
      guard isSigned || value > 0 else { return (0, 0) }
      let share = min(value.magnitude / scale, 1)
      return (value < 0 ? -1 : 1, UInt32((share * 65_536).rounded(.toNearestOrEven)))
    }
    var payloads: [Int32] = []
    payloads.reserveCapacity(values.count * ticks)
    for tick in 0..<ticks {
      for (neuron, (sign, level)) in levels.enumerated() {
        payloads.append(PoissonSource.draw(seed, tick, neuron) < level ? sign : 0)
      }
    }
    return (payloads, clipped)
  }

  /// Sixteen bits of SplitMix64's finalizer (Steele, Lea, Flood 2014, figure 17) over the counter.
  static func draw(_ seed: UInt64, _ tick: Int, _ neuron: Int) -> UInt32 {
    let counter = UInt64(truncatingIfNeeded: tick) << 40 ^ UInt64(truncatingIfNeeded: neuron)
    var z = seed &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: (z ^ (z >> 31)) >> 48)
  }
}
