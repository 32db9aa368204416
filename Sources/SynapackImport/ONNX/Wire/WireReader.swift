internal import SynapackSupport

/// The tags, numbers and lengths of protobuf's wire format, each checked against what remains.
enum WireReader {
  struct Tag {
    let number: Int
    let wireType: Int
  }

  static let largestFieldNumber = (1 << 29) - 1

  /// Reads a base-128 number and moves `position` behind it.
  static func varint(
    _ span: RawSpan, _ position: inout Int, end: Int
  ) throws(PackError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for index in 0..<10 {
      guard position < end else { throw malformed("a number is cut off", start..<position) }
      let byte = span.byte(at: position)
      position += 1
      // The tenth byte holds the one bit that is left of 64.
      guard index < 9 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    throw malformed("a number is longer than 64 bits", start..<position)
  }

  static func tag(_ span: RawSpan, _ position: inout Int, end: Int) throws(PackError) -> Tag {
    let start = position
    let value = try varint(span, &position, end: end)
    let number = value >> 3
    guard (1...UInt64(largestFieldNumber)).contains(number) else {
      throw malformed("the field number \(number) is out of range", start..<position)
    }
    return Tag(number: Int(number), wireType: Int(value & 7))
  }

  /// Reads a length and checks that as many bytes follow before `end`.
  static func length(_ span: RawSpan, _ position: inout Int, end: Int) throws(PackError) -> Int {
    let start = position
    let value = try varint(span, &position, end: end)
    guard let length = Int(exactly: value), length <= end - position else {
      throw malformed(
        "a field of \(value) bytes stands where \(end - position) remain", start..<position)
    }
    return length
  }

  /// Bytes that `value` takes as a base-128 number.
  static func varintByteCount(_ value: Int) -> Int {
    max(1, (64 - UInt64(value).leadingZeroBitCount + 6) / 7)
  }

  static func appendVarint(_ value: Int, to bytes: inout [UInt8]) {
    var rest = UInt64(value)
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func malformed(_ message: String, _ range: Range<Int>) -> PackError {
    PackError(
      .malformedModel, message, at: .bytes(range),
      hint: "the file looks damaged or cut off: fetch or export it again")
  }
}
