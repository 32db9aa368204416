#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Rounding to decimal digits, so that a number is short where it is written out.
enum SignificantDigits {
  /// The double nearest to `value` with so many significant decimal digits.
  ///
  ///     f = 10^(digits − 1 − ⌊log10 |value|⌋)        result = round(value · f) / f
  ///
  /// Beyond 10²² a power of ten is no double; such a number may keep more digits, but none wrong.
  static func rounded(_ value: Double, _ digits: Int) -> Double {
    guard value.isFinite, value != 0 else { return value }
    let place = Double(digits - 1) - log10(abs(value)).rounded(.down)
    let factor = pow(10, abs(place))
    let result =
      place < 0 ? (value / factor).rounded() * factor : (value * factor).rounded() / factor
    return result.isFinite ? result : value
  }
}
