#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What a sample tells of a share: the least that it may be of all inputs.
///
///     Σᵢ₌₀ᵉ (n over i)·(1 − p)ⁱ·pⁿ⁻ⁱ = α
///
/// n: inputs that were drawn as those to come are; e: those of them that do not agree; p: the share
/// below which so few would be seen with a probability of α at most. It is the exact one-sided limit of
/// Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the
/// binomial", Biometrika 26 (1934), with α = 0.05.
public enum AgreementBound {
  /// 1 − α
  public static let confidence = 0.95

  /// The share of all inputs that agree at the least, to 1e-9 and never above it.
  public static func least(agreeing: Int, of count: Int) -> Double {
    guard agreeing > 0, count >= agreeing else { return 0 }
    var (low, high) = (0.0, 1.0)
    while high - low > 1e-9 {
      let middle = (low + high) / 2
      if isAtLeast(middle, agreeing: agreeing, of: count) { low = middle } else { high = middle }
    }
    return low
  }

  /// The share that agrees at the most.
  public static func most(agreeing: Int, of count: Int) -> Double {
    1 - least(agreeing: count - agreeing, of: count)
  }

  /// Whether `count` inputs are enough for the share to be known when all of them agree.
  static func isTold(_ share: Double, by count: Int) -> Bool {
    isAtLeast(share, agreeing: count, of: count)
  }

  /// The fewest inputs for that; `nil` where no number is enough.
  static func fewestSamples(for share: Double) -> Int? {
    guard share < 1 else { return nil }
    let estimate = (log(1 - confidence) / log(share)).rounded(.down)
    guard estimate < 1e15 else { return nil }
    let first = max(1, Int(estimate) - 1)
    return (first...first + 3).first { isTold(share, by: $0) }
  }

  /// Whether a smaller share than `share` would show so many that agree with a probability of α at
  /// most.
  static func isAtLeast(_ share: Double, agreeing: Int, of count: Int) -> Bool {
    guard share > 0 else { return true }
    guard share < 1, count > 0 else { return false }
    let (agree, differ) = (log(share), log(1 - share))
    // Term by term in logarithms, as pⁿ leaves the doubles for many inputs.
    var (term, sum) = (Double(count) * agree, 0.0)
    for errors in 0...max(0, count - agreeing) {
      sum += exp(term)
      guard sum <= 1 - confidence else { return false }
      term += log(Double(count - errors)) - log(Double(errors + 1)) + differ - agree
    }
    return true
  }
}
