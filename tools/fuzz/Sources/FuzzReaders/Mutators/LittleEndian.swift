/// Little-endian numbers in arrays, lenient: bytes that are not there count as zero.
extension Array<UInt8> {
  func number(at offset: Int, bytes count: Int) -> Int {
    var value: UInt64 = 0
    for index in 0..<count where indices.contains(offset + index) {
      value |= UInt64(self[offset + index]) << UInt64(8 * index)
    }
    return Int(truncatingIfNeeded: value)
  }

  mutating func put(_ value: Int, at offset: Int, bytes count: Int) {
    for index in 0..<count where indices.contains(offset + index) {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
  }

  mutating func append(_ value: Int, bytes count: Int) {
    for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  /// The bytes of a range as far as they are there.
  func part(_ start: Int, _ count: Int) -> [UInt8] {
    guard start >= 0, count > 0, start < self.count else { return [] }
    return Array(self[start..<Swift.min(self.count, start + Swift.min(count, self.count))])
  }
}
