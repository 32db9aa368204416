/// The values that a trained weight may take in the forward pass, while the value behind it moves
/// freely between them.
///
///     ŵ = the nearest value of the grid to w,   w̄ = ŵ̄
///
/// w: the trained value, held inside the grid's ends; the gradient passes straight through.
///
/// Source: Bengio et al., "Estimating or propagating gradients through stochastic neurons", 2013,
/// section 4 (straight-through estimator).
public enum TrainedGrid: Sendable, Hashable {
  /// Every number.
  case free
  /// The whole numbers of a range.
  case whole(ClosedRange<Float>)
  /// Some numbers, ascending, at least one.
  case levels([Float])

  /// ŵ; of two levels that are equally near, the lower.
  func rounded(_ value: Float) -> Float {
    switch self {
    case .free: return value
    case .whole(let range): return held(value.rounded(.toNearestOrEven), range)
    case .levels(let levels):
      guard var best = levels.first else { return value }
      for level in levels where abs(level - value) < abs(best - value) { best = level }
      return best
    }
  }

  /// The value, moved to the nearest end where it lies outside.
  func held(_ value: Float) -> Float {
    switch self {
    case .free: value
    case .whole(let range): held(value, range)
    case .levels(let levels):
      if let first = levels.first, let last = levels.last, first <= last {
        held(value, first...last)
      } else {
        value
      }
    }
  }

  /// The grid without what lies outside of −limit…limit.
  func limited(to limit: Float) -> TrainedGrid {
    switch self {
    case .free: .whole(-limit...limit)
    case .whole(let range): .whole(range.clamped(to: -limit...limit))
    case .levels(let levels): .levels(levels.filter { $0.magnitude <= limit })
    }
  }

  private func held(_ value: Float, _ range: ClosedRange<Float>) -> Float {
    min(max(value, range.lowerBound), range.upperBound)
  }
}
