/// The threshold with the least squared error for exactly T ticks, by search.
///
///     θ = argmin Σ (a − φ(a))²,   φ(a) = (θ / T) · min(⌊a·T / θ + 1/2⌋, upper·T)
///
/// a: the values; T: the ticks of the window; upper: the largest payload; 1/2 is the initial
/// membrane θ/2. Searched over θ = (max / upper) · (1 − i/100), i = 0 … 94.
///
/// Source: Li et al., "A free lunch from ANN: towards efficient, accurate spiking neural networks
/// calibration", ICML 2021, section 4.1, with the rounding of Bu et al., ICLR 2022, theorem 2.
public enum MMSE: BalancingMethod {
  public static let id = "mmse"
  public static let summary = "least squared error for the given T by search, per channel"

  private static let steps = 95

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    guard channel.maximum > 0 else { return nil }
    // Values of zero are exact under every threshold.
    let positive = channel.carried.filter { $0 > 0 }
    let largest = channel.maximum / Float(levels.upper)
    var best = largest
    var least = Float.infinity
    for step in 0..<steps {
      let threshold = largest * (1 - 0.01 * Float(step))
      let error = squaredError(positive, threshold, levels)
      if error < least {
        least = error
        best = threshold
      }
    }
    return best
  }

  static func squaredError(_ values: [Float], _ threshold: Float, _ levels: Levels) -> Float {
    let unit = threshold / Float(levels.timesteps)
    let inverse = 1 / unit
    let most = Float(levels.upper * levels.timesteps)
    var sum: Float = 0
    for value in values {
      // Truncation is the floor here, as values are positive; it compiles to one instruction.
      let count = min(value * inverse + 0.5, most)
      let error = value - unit * Float(Int32(count))
      sum += error * error
    }
    return sum
  }
}
