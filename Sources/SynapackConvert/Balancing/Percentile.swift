/// The robust maximum.
///
///     θ = a_(k) / upper,   k = ⌈0.999 · n⌉
///
/// a_(k): the k-th smallest of the n values; upper: the largest payload. A few outliers are
/// clipped, so that they do not coarsen the steps of all other values.
///
/// Source: Rueckauer et al., "Conversion of continuous-valued deep networks to efficient
/// event-driven networks", Front. Neurosci. 2017, section 2.2.2.
public enum Percentile: BalancingMethod {
  public static let id = "percentile"
  public static let summary = "99.9th percentile of the activations, per channel"

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    guard channel.maximum > 0, !channel.carried.isEmpty else { return nil }
    let robust = robustMaximum(channel.carried)
    // A channel that fires in fewer than a thousandth of the places still has to carry them.
    return (robust > 0 ? robust : channel.maximum) / Float(levels.upper)
  }

  /// a_(k) of the values; 0 where there are none.
  static func robustMaximum(_ values: [Float]) -> Float {
    let sorted = values.sorted()
    let rank = Int((Double(sorted.count) * 0.999).rounded(.up)) - 1
    return sorted.isEmpty ? 0 : sorted[min(max(rank, 0), sorted.count - 1)]
  }
}
