extension Measure {
  /// Why every bundle keeps a bound, or none can; `nil` for a bound that tells bundles apart.
  ///
  /// Such a bound is a slip of the unit, as 97 or 5 for 97 and 5 percent.
  func whyIdle(_ bound: Bound) -> String? {
    // Those of which more are better are fractions.
    let isFraction = !isCost
    return switch bound {
    case .atLeast(let least) where least <= 0: "\(least), and nothing is below it"
    case .atLeast(let least) where isFraction && least > 1:
      "\(least), and no fraction is above 1; 0.97 is 97 %"
    // Only a drop may be below zero, where the bundle is better than its source.
    case .atMost(let most) where most < 0 && self != .named(.accuracyDrop):
      "\(most), and nothing is below zero"
    case .atMost(let most) where isFraction && most >= 1: "\(most), and no fraction is above 1"
    case .worseBy(let points) where isFraction && points >= 1:
      "\(points), and no fraction falls by more than 1; 0.05 is 5 points"
    case .worseByShare(let share) where isFraction && share >= 1:
      "\(100 * share) %, and no fraction falls by more than all of it"
    default: nil
    }
  }
}
