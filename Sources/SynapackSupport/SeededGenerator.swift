/// SplitMix64: a small generator whose whole state is its seed, for choices that must repeat.
///
///     z ← seed + 0x9E3779B97F4A7C15 · n
///     output = mix(z)
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0 ..< 1 with 24 significant bits.
  public mutating func unitFloat() -> Float {
    Float(next() >> 40) * 0x1p-24
  }
}
