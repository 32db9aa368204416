/// Codes integers as bits: whether it is zero, its sign, the length of its magnitude in binary
/// digits in unary, then the digits behind the first.
///
/// The first two of those digits are modelled; the rest are as likely set as clear.
///
///     node 0           the number is not zero
///     node 1           it is negative
///     node 1 + k       the magnitude has more than k digits, k from 1 to `widest` − 1
///     then three for each length of 2 to `widest`: its second digit, and its third after a clear
///     and after a set second one
struct IntegerModel {
  private var mixer: ContextMixer
  private let widest: Int

  /// - Parameter widest: the most binary digits that a magnitude has.
  init(widest: Int, contexts: Int) {
    self.widest = widest
    mixer = ContextMixer(nodes: 4 * widest - 2, contexts: contexts)
  }

  mutating func enter(_ context: Int, at input: Int) { mixer.enter(context, at: input) }

  /// Codes `value` in the present contexts; a decoder does not look at it.
  ///
  /// - Returns: the number that stands in the stream, of at most `widest` digits; a magnitude of
  ///   64 digits is cut to 64 bits of two's complement.
  mutating func code<Coder: BinaryCoder>(_ value: Int64, _ coder: inout Coder) -> Int64 {
    let magnitude = value.magnitude
    guard mixer.code(magnitude != 0, node: 0, &coder) else { return 0 }
    let isNegative = mixer.code(value < 0, node: 1, &coder)
    let digits = magnitude.digits
    var length = 1
    while length < widest, mixer.code(digits > length, node: 1 + length, &coder) { length += 1 }
    let coded = mantissa(magnitude, length, &coder)
    return Int64(truncatingIfNeeded: isNegative ? 0 &- coded : coded)
  }

  /// The digits behind the first one, highest first.
  private mutating func mantissa<Coder: BinaryCoder>(
    _ magnitude: UInt64, _ length: Int, _ coder: inout Coder
  ) -> UInt64 {
    let first = widest + 1 + 3 * (length - 2)
    var coded: UInt64 = 1
    for depth in 0..<length - 1 {
      let bit = magnitude >> UInt64(length - 2 - depth) & 1 != 0
      let isSet =
        switch depth {
        case 0: mixer.code(bit, node: first, &coder)
        case 1: mixer.code(bit, node: first + 1 + Int(coded & 1), &coder)
        default: coder.code(bit, probability: 1 << 15)
        }
      coded = coded << 1 | (isSet ? 1 : 0)
    }
    return coded
  }
}

extension FixedWidthInteger {
  /// The binary digits of the magnitude; 0 for zero.
  var digits: Int { Magnitude.bitWidth - magnitude.leadingZeroBitCount }

  /// The number by its sign and the digits of its magnitude, at most `limit`: 0 … 2 · `limit`.
  func grade(_ limit: Int) -> Int {
    let digits = Swift.min(digits, limit)
    return self < 0 ? limit - digits : limit + digits
  }
}
