/// A real number as the nearest integer step of a unit, held in a range.
///
///     level = clip(round(value / unit), lower, upper)     ties to even
///
/// The quotient is taken in double precision, so that no pair of finite float32 values overflows;
/// what is no number has the level nearest to zero, never a trap.
enum IntegerLevel {
  static func nearest(
    _ value: Float, unit: Float, in range: ClosedRange<Int32>
  ) -> Int32 {
    let level = (Double(value) / Double(unit)).rounded(.toNearestOrEven)
    guard !level.isNaN else { return min(max(0, range.lowerBound), range.upperBound) }
    return Int32(min(max(level, Double(range.lowerBound)), Double(range.upperBound)))
  }

  /// The symmetric range of a width in bits, sign included.
  static func range(bits: Int) -> ClosedRange<Int32> {
    let limit = Int32.max >> Int32(32 - min(max(bits, 2), 32))
    return -limit...limit
  }
}
