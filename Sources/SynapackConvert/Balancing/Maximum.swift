/// The largest activation.
///
///     θ = max a / upper
///
/// a: every value of the channel seen in calibration; upper: the largest payload. Nothing that was
/// seen is clipped, whatever that costs in steps.
///
/// Source: Diehl et al., "Fast-classifying, high-accuracy spiking deep networks through weight and
/// threshold balancing", IJCNN 2015 (data-based normalization), with thresholds scaled instead of
/// weights.
public enum Maximum: BalancingMethod {
  public static let id = "max"
  public static let summary = "largest activation, per channel"

  public static func threshold(_ channel: ChannelValues, levels: Levels) -> Float? {
    channel.maximum > 0 ? channel.maximum / Float(levels.upper) : nil
  }
}
