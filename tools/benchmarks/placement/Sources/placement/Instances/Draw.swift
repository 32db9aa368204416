internal import Foundation

/// Draws from distributions; SplitMix64, so that every instance is a function of its seed.
struct Draw: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// In 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func normal() -> Double {
    sqrt(-2 * log(1 - unit())) * cos(2 * .pi * unit())
  }

  /// Of that median and coefficient of variation.
  mutating func logNormal(median: Double, variation: Double) -> Double {
    median * exp(sqrt(log(1 + variation * variation)) * normal())
  }

  /// Beta(5, 2): the fifth of six uniform numbers in order.
  mutating func beta52() -> Double { (0..<6).map { _ in unit() }.sorted()[4] }

  mutating func poisson(_ mean: Double) -> Int {
    guard mean < 30 else { return max(0, Int((mean + sqrt(mean) * normal()).rounded())) }
    var product = unit()
    var count = 0
    let limit = exp(-mean)
    while product > limit {
      product *= unit()
      count += 1
    }
    return count
  }
}
