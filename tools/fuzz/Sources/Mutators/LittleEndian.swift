/// Numbers within inputs, lowest byte first; out of range they are 0, or are not written.
extension [UInt8] {
  func number(at offset: Int, bytes width: Int) -> UInt64 {
    guard offset >= 0, width <= 8, offset <= count - width else { return 0 }
    return (0..<width).reduce(0) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
  }

  mutating func put(_ value: UInt64, at offset: Int, bytes width: Int) {
    guard offset >= 0, width <= 8, offset <= count - width else { return }
    for index in 0..<width {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  mutating func append(_ value: UInt64, bytes width: Int) {
    for index in 0..<width { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
