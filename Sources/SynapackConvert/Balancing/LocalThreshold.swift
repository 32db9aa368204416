/// The threshold grown from zero by what it still clips.
///
///     θ ← θ + 2c·mean((a − θ)·1[a > θ])      θ = 0 at first
///
/// a: the values of the channel; c = 1/2: the rate; the mean is over all values. The gradient of
/// the squared clipping error alone, so the fixed point is the largest value and the number of
/// steps decides how much of the tail stays clipped: with exponential tails about one value in as
/// many as there are steps. Few ticks want few steps, and 32 a tick are taken, at most 2 048. What
/// a window can carry is then divided by the largest payload.
///
/// Source: Bu et al., "Inference-scale complexity in ANN-SNN conversion for high-performance and
/// low-power applications", CVPR 2025 (local threshold balancing), channel by channel.
public enum LocalThreshold: BalancingMethod {
  public static let id = "local"
  public static let summary = "threshold grown by the excess it clips, 32 steps a tick, per channel"

  private static let rate = 0.5
  private static let stepsPerTick = 32
  private static let most = 2_048

  /// The steps for T ticks.
  public static func steps(timesteps: Int) -> Int { min(stepsPerTick * timesteps, most) }

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    guard channel.maximum > 0 else { return nil }
    let sorted = channel.carried.sorted()
    // excess[i]: the sum of the values from the i-th on, so that a step costs no pass over them.
    var above = Array(repeating: 0.0, count: sorted.count + 1)
    for index in sorted.indices.reversed() {
      above[index] = above[index + 1] + Double(sorted[index])
    }
    var (threshold, clipped) = (0.0, 0)
    for _ in 0..<steps(timesteps: levels.timesteps) {
      while clipped < sorted.count, Double(sorted[clipped]) <= threshold { clipped += 1 }
      guard clipped < sorted.count else { break }
      let excess = above[clipped] - Double(sorted.count - clipped) * threshold
      threshold += 2 * rate * excess / Double(sorted.count)
    }
    // Positive values that calibration did not keep still have to be carried.
    let reached = threshold > 0 ? Float(threshold) : channel.maximum
    return reached / Float(levels.upper)
  }
}
