/// What calibration saw of one channel, as a balancing method takes it.
public struct ChannelValues: Sendable {
  /// What the neurons are to stand for: max(z, 0), held below the source network's own ceiling;
  /// |z| where both signs are carried.
  public var carried: [Float]
  /// The largest of all values seen, of which `carried` is a part.
  public var maximum: Float
  /// z, the values before any rectification, in the order of `carried`.
  public var raw: [Float]
  /// Whether values below zero are carried too.
  public var hasBothSigns: Bool

  public init(carried: [Float], maximum: Float, raw: [Float], hasBothSigns: Bool) {
    self.carried = carried
    self.maximum = maximum
    self.raw = raw
    self.hasBothSigns = hasBothSigns
  }

  /// The channel of a site.
  init(_ channel: SiteValues.Channel, of site: NeuronSite) {
    raw = channel.values
    switch site.sign {
    case .rectified:
      carried = channel.values.map { min(max($0, 0), site.ceiling) }
      maximum = min(channel.maximum, site.ceiling)
      hasBothSigns = false
    case .signed:
      carried = channel.values.map(\.magnitude)
      maximum = max(channel.maximum, -channel.minimum)
      hasBothSigns = true
    }
  }

  /// μ and σ² of the values before any rectification; 0 where there are none.
  public var moments: (mean: Double, variance: Double) {
    let count = Double(max(1, raw.count))
    let mean = raw.reduce(0.0) { $0 + Double($1) } / count
    let variance = raw.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    return (mean, variance)
  }
}
