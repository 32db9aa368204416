/// The integers that a weight may be, times the unit of its row.
public enum WeightLevels: Sendable, Hashable {
  /// −most, …, −1, 0, 1, …, most; ternary weights where most is 1.
  case uniform(most: Int)
  /// 0, ±1, ±2, ±4, …, ±2^(exponents − 1): a product with a payload is a shift.
  case powersOfTwo(exponents: Int)
  /// −1 and 1
  case signs
  /// 0 and 1: a synapse that is there or not.
  case switches

  /// Those of a width in bits, sign included.
  public static func uniform(bits: Int) -> WeightLevels { .uniform(most: (1 << (bits - 1)) - 1) }

  /// The largest magnitude.
  public var most: Int {
    switch self {
    case .uniform(let most): most
    case .powersOfTwo(let exponents): 1 << (exponents - 1)
    case .signs, .switches: 1
    }
  }

  /// The same levels for training.
  public var grid: TrainedGrid {
    switch self {
    case .uniform(let most): return .whole(Float(-most)...Float(most))
    case .powersOfTwo(let exponents):
      let powers = (0..<exponents).map { Float(1 << $0) }
      return .levels(powers.reversed().map { -$0 } + [0] + powers)
    case .signs: return .levels([-1, 1])
    case .switches: return .levels([0, 1])
    }
  }

  /// The level next to `ratio`, a weight over its unit.
  func nearest(_ ratio: Float) -> Float {
    switch self {
    case .uniform(let most):
      return min(max(ratio.rounded(.toNearestOrEven), Float(-most)), Float(most))
    case .powersOfTwo:
      let magnitude = min(ratio.magnitude, Float(most))
      guard magnitude > 0.5 else { return 0 }
      let lower = max(1, magnitude.binade)
      let level = magnitude > 1.5 * lower ? 2 * lower : lower
      return ratio < 0 ? -level : level
    case .signs:
      return ratio < 0 ? -1 : 1
    case .switches:
      return ratio > 0.5 ? 1 : 0
    }
  }

  /// The next smaller magnitude; a level that is 0 or has none stays.
  func towardsZero(_ level: Float) -> Float {
    switch self {
    case .uniform: level == 0 ? 0 : level - (level < 0 ? -1 : 1)
    case .powersOfTwo: level.magnitude <= 1 ? 0 : level / 2
    case .signs: level
    case .switches: 0
    }
  }

  /// Units to try, as parts of the one that clips nothing: fewer levels want more to be clipped.
  var fractions: [Float] {
    switch self {
    case .uniform(let most) where most > 63: [1]
    case .uniform: (0..<14).map { 1 - 0.045 * Float($0) }
    case .powersOfTwo: (0..<12).map { 1.25 - 0.0625 * Float($0) }
    case .signs: (0..<16).map { 1 - 0.06 * Float($0) }
    case .switches: [1]
    }
  }
}
