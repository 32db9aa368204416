/// A threshold as Akida 2 divides by it: a bias, a ceiling, a product of 8 bits and a shift that rounds.
///
///     s = (min(max(p + B, 0), C)·m + 2ⁿ⁻¹) ≫ n
///
/// with the potential p, a bias B and ceiling C of 8 bits and a shift each, and 1 ≤ m ≤ 255. It is our
/// clip(⌊(p + o)/θ⌋, 0, hi), o the bias and initial membrane, for every p, exactly where
///
///     ⌈(2q − 1)·2ⁿ⁻¹ / m⌉ = q·θ + B − o     for q = 1 … hi
///
/// since that is the least p + B that gives q, and where C gives hi. One payload has such numbers for
/// almost every θ, more payloads for the θ that 8 bits divide by well enough.
struct AkidaScale: Hashable {
  /// A number of 8 bits, shifted to the left.
  struct Shifted: Hashable {
    let value: Int
    let shift: Int

    static let largestShift = 15
  }

  let multiplier: Int
  /// n.
  let shift: Int
  let bias: Shifted
  let ceiling: Shifted

  private static let largestMultiplier = 255
  /// Of C·m + 2ⁿ⁻¹ in 32 bits.
  private static let largestProduct = Int(Int32.max)

  /// The numbers with the smallest n, then the smallest m; `nil` where there are none.
  init?(threshold: Int, offset: Int, largest: Int) {
    for shift in 1...30 {
      for multiplier in AkidaScale.multipliers(shift, threshold, largest) {
        if let scale = AkidaScale(multiplier, shift, threshold, offset, largest) {
          self = scale
          return
        }
      }
    }
    return nil
  }

  private init?(
    _ multiplier: Int, _ shift: Int, _ threshold: Int, _ offset: Int, _ largest: Int
  ) {
    /// The least p + B that gives q.
    func least(_ payload: Int) -> Int {
      ((2 * payload - 1) << (shift - 1) + multiplier - 1) / multiplier
    }
    let rise = least(1) - threshold
    guard (1...largest).allSatisfy({ least($0) == $0 * threshold + rise }),
      let bias = AkidaScale.shifted(from: offset + rise, to: offset + rise, within: -128...127),
      let ceiling = AkidaScale.shifted(
        from: least(largest), to: least(largest + 1) - 1, within: 0...255),
      (ceiling.value << ceiling.shift) * multiplier + 1 << (shift - 1) <= AkidaScale.largestProduct
    else { return nil }
    self.multiplier = multiplier
    self.shift = shift
    self.bias = bias
    self.ceiling = ceiling
  }

  /// Those that can be right: of several payloads m / 2ⁿ is close to 1 / θ.
  private static func multipliers(
    _ shift: Int, _ threshold: Int, _ largest: Int
  ) -> ClosedRange<Int> {
    guard largest > 1 else { return 1...largestMultiplier }
    // Steps of ⌈·⌉ differ by less than 1 from θ over hi − 1 of them.
    let low = (1 << shift) / (threshold + 1)
    let high = threshold > 1 ? (1 << shift) / (threshold - 1) + 1 : largestMultiplier
    let first = min(max(1, low), largestMultiplier)
    return first...max(first, min(high, largestMultiplier))
  }

  /// The first value of the range with the smallest shift.
  private static func shifted(
    from low: Int, to high: Int, within range: ClosedRange<Int>
  ) -> Shifted? {
    for shift in 0...Shifted.largestShift {
      let value = (low + (1 << shift) - 1) >> shift
      if value << shift <= high, range.contains(value) {
        return Shifted(value: value, shift: shift)
      }
    }
    return nil
  }
}
