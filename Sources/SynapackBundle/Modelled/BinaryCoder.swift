/// One side of a binary arithmetic coder: the encoder is told each bit, the decoder tells it.
///
/// A model written against this protocol makes the same steps on both sides, so nothing that
/// one side writes can be read as something else by the other.
protocol BinaryCoder {
  /// Codes one bit that is set with `probability` / 2¹⁶, which lies between 0 and 2¹⁶.
  ///
  /// - Parameter bit: what to write; a decoder does not look at it.
  /// - Returns: the bit that stands in the stream.
  mutating func code(_ bit: Bool, probability: Int) -> Bool
}

/// The numbers that the rest of a stream may still stand for: low … high of 32 bits.
///
///     split = low + ⌊(high − low) · probability / 2¹⁶⌋
///     set: low … split        clear: split + 1 … high
///
/// Leading bytes on which both ends agree are settled and leave. Both parts hold a number at
/// least, as the ends then differ in their first byte and the probability is below one.
struct CodingInterval {
  private(set) var low: UInt32 = 0
  private(set) var high: UInt32 = .max

  func split(_ probability: Int) -> UInt32 {
    let part = (UInt64(high &- low) &* UInt64(truncatingIfNeeded: probability)) >> 16
    return low &+ UInt32(truncatingIfNeeded: part)
  }

  mutating func keep(_ bit: Bool, split: UInt32) {
    if bit { high = split } else { low = split &+ 1 }
  }

  var isSettled: Bool { (low ^ high) >> 24 == 0 }

  /// Drops the first byte and returns it.
  mutating func settle() -> UInt8 {
    let byte = UInt8(truncatingIfNeeded: low >> 24)
    low <<= 8
    high = high << 8 | 0xFF
    return byte
  }
}

/// Writes bits as the bytes of one number.
struct BinaryEncoder: BinaryCoder {
  private var interval = CodingInterval()
  private var bytes: [UInt8] = []

  mutating func code(_ bit: Bool, probability: Int) -> Bool {
    interval.keep(bit, split: interval.split(probability))
    while interval.isSettled { bytes.append(interval.settle()) }
    return bit
  }

  /// The stream: what is settled, then the fewest bytes that name a number of the interval when
  /// zeros follow them.
  consuming func finish() -> [UInt8] {
    for count in 0...4 {
      let unit = UInt64(1) << UInt64(32 - 8 * count)
      let number = (UInt64(interval.low) + unit - 1) / unit * unit
      guard number <= UInt64(interval.high) else { continue }
      for index in 0..<count {
        bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(24 - 8 * index)))
      }
      break
    }
    return bytes
  }
}

/// Reads the bits of a ``BinaryEncoder``. Behind the end of the stream it reads zeros, so it never
/// stops; the caller counts the bits that it asks for.
struct BinaryDecoder: BinaryCoder {
  private let bytes: [UInt8]
  private var next = 0
  private var interval = CodingInterval()
  private var number: UInt32 = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for _ in 0..<4 { shift() }
  }

  /// Whether more was asked for than the stream holds: four zeros may follow it, no more.
  var isExhausted: Bool { next - 4 > bytes.count }

  /// Whether every byte of the stream had a part in what was read.
  var isConsumed: Bool { next >= bytes.count && !isExhausted }

  mutating func code(_ bit: Bool, probability: Int) -> Bool {
    let split = interval.split(probability)
    let isSet = number <= split
    interval.keep(isSet, split: split)
    while interval.isSettled {
      _ = interval.settle()
      shift()
    }
    return isSet
  }

  private mutating func shift() {
    let byte = next < bytes.count ? bytes[next] : 0
    number = number << 8 | UInt32(byte)
    next += 1
  }
}
