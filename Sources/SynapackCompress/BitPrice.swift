/// What a stored bit of a weight costs beside the errors of a layer.
///
///     min   Σ_l E_l + ν·Σ_l B_l / W
///
/// E_l: the squared error of what layer l hears, relative to its squared sum; B_l: the bits of its
/// weights behind an entropy coder; W: the number of all weights; ν: the price. As with
/// ``SpikePrice``, one ν for all layers spends the bits where they help most.
public struct BitPrice: Sendable, Hashable {
  /// ν
  public var weight: Double
  /// W
  public var weights: Int

  public init(weight: Double, weights: Int) {
    self.weight = weight
    self.weights = weights
  }

  /// What a bit costs in a layer whose squared sum is `power`.
  func perBit(power: Double) -> Float { Float(weight * power / Double(max(1, weights))) }
}
