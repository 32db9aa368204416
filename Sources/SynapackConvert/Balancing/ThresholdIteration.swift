#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The threshold with the least squared error for normally distributed values, from their mean and
/// variance alone.
///
///     δ ← (μ·(a + b − S₁) + σ·√(2/π)·E) / (a² + b² − S₂)      θ = T·δ
///
///     S₁ = Σ erf(uᵢ)    S₂ = Σ (2i − 1)·erf(uᵢ)    E = Σ exp(−uᵢ²)    i = a + 1 … b
///     uᵢ = ((i − ½)·δ − μ) / (√2·σ)
///
/// μ, σ²: mean and variance of the values before any rectification; δ: the step between two
/// counts; a, b: the least and the largest count of a window, b = T·upper, a = 0 where values are
/// rectified and −b where both signs are carried; T: the ticks; upper: the largest payload. At the
/// fixed point δ is what least squares makes of the counts, E[z·q] / E[q²] with
/// q = clip(⌊z/δ + ½⌋, a, b), and that point is the only one. The sums are taken of erfc, as
/// 1 − erf cancels in the tails, and the point is found by halving, as the iteration itself hardly
/// moves where many steps lie under the values.
///
/// A channel whose values do not vary, or are positive only where a normal distribution has next to
/// nothing, gets its largest value instead.
///
/// Source: Huang et al., "Differential coding for training-free ANN-to-SNN conversion", ICML 2025,
/// equation 11 (a = 0), in the form for a ≤ 0 ≤ b of H-MT, AAAI 2026.
public enum ThresholdIteration: BalancingMethod {
  public static let id = "iteration"
  public static let summary =
    "least squared error for the given T in closed form, per channel, for normal values"

  /// Above so many counts the range is what clips, and a finer step would not move it.
  private static let most = 4_096
  private static let halvings = 60

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    guard channel.maximum > 0 else { return nil }
    let largest = channel.maximum / Float(levels.upper)
    let (mean, variance) = channel.moments
    let count = min(levels.timesteps * levels.upper, most)
    guard
      let step = step(
        mean: mean, deviation: variance.squareRoot(),
        counts: (channel.hasBothSigns ? -count : 0)...count)
    else { return largest }
    let threshold = Float(step * Double(count) / Double(levels.upper))
    return threshold.isNormal ? threshold : largest
  }

  /// δ for values of a normal distribution; `nil` where none of it reaches the counts.
  ///
  /// - Parameter counts: a … b with a ≤ 0 < b.
  public static func step(
    mean: Double, deviation: Double, counts: ClosedRange<Int>
  ) -> Double? {
    guard deviation > 0, mean.isFinite, deviation.isFinite else { return nil }
    var high = 4 * (mean.magnitude + 10 * deviation)
    var low = high * 1e-6 / Double(counts.upperBound)
    let normal = Normal(mean: mean, deviation: deviation)
    guard let least = normal.next(low, counts), least > low else { return nil }
    for _ in 0..<halvings {
      let middle = (low * high).squareRoot()
      // Where nothing is counted any more the step is too long.
      if let next = normal.next(middle, counts), next > middle {
        low = middle
      } else {
        high = middle
      }
    }
    return (low * high).squareRoot()
  }
}

/// A normal distribution, for one turn of the iteration.
private struct Normal {
  let mean: Double
  let deviation: Double

  /// The step that follows on `step`; `nil` where no value is counted.
  func next(_ step: Double, _ counts: ClosedRange<Int>) -> Double? {
    var (above, squares, density) = (0.0, 0.0, 0.0)
    for count in counts where count != counts.lowerBound {
      let place = ((Double(count) - 0.5) * step - mean) / (2.0.squareRoot() * deviation)
      // Counts below zero are reached by what lies below their bound.
      let share = count > 0 ? erfc(place) : erfc(-place)
      above += count > 0 ? share : -share
      squares += Double((2 * count - 1).magnitude) * share
      density += exp(-place * place)
    }
    let product = mean * above + deviation * (2 / Double.pi).squareRoot() * density
    return squares > 0 ? product / squares : nil
  }
}
