internal import SynapackSupport

/// Reads little-endian numbers one after another; past the end it throws.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var offset = 0
  /// The code of every refusal.
  private let code: ErrorCode

  init(_ bytes: [UInt8], refusing code: ErrorCode = .malformedSection) {
    self.bytes = bytes
    self.code = code
  }

  var remaining: Int { bytes.count - offset }

  mutating func take(_ count: Int) throws(PackError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw PackError(
        code, "\(count) bytes are needed and \(remaining) are left",
        at: .bytes(offset..<bytes.count), hint: "make the bundle again from its model")
    }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  private mutating func number(_ count: Int) throws(PackError) -> UInt64 {
    var value: UInt64 = 0
    for (index, byte) in try take(count).enumerated() {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    return value
  }

  mutating func u8() throws(PackError) -> UInt8 { UInt8(truncatingIfNeeded: try number(1)) }
  mutating func u16() throws(PackError) -> UInt16 { UInt16(truncatingIfNeeded: try number(2)) }
  mutating func u32() throws(PackError) -> UInt32 { UInt32(truncatingIfNeeded: try number(4)) }
  mutating func u64() throws(PackError) -> UInt64 { try number(8) }
  mutating func i32() throws(PackError) -> Int32 { Int32(bitPattern: try u32()) }
  mutating func i64() throws(PackError) -> Int64 { Int64(bitPattern: try number(8)) }

  /// A u64 that is used as a count or an index; anything over 2⁶³ − 1 is refused.
  mutating func int() throws(PackError) -> Int {
    let value = try number(8)
    guard let int = Int(exactly: value) else { throw refusal("the number \(value)") }
    return int
  }

  /// The count of elements of at least `size` bytes each that must still follow.
  mutating func count(ofElements size: Int) throws(PackError) -> Int {
    let count = try int()
    guard let bytes = count.times(size), bytes <= remaining else {
      throw refusal("\(count) elements of \(size) bytes in \(remaining) bytes")
    }
    return count
  }

  /// A finite number that is not negative, by its IEEE 754 bits.
  mutating func double() throws(PackError) -> Double {
    let value = Double(bitPattern: try number(8))
    guard value.isFinite, value.sign == .plus else { throw refusal("the number \(value)") }
    return value
  }

  /// A count of bytes and that many bytes of UTF-8.
  mutating func text(atMost limit: Int = BundleLimits.nameBytes) throws(PackError) -> String {
    let count = try count(ofElements: 1)
    guard count <= limit, let text = String(validating: try take(count), as: UTF8.self) else {
      throw refusal("a name of \(count) bytes that is too long or no UTF-8")
    }
    return text
  }

  func finish() throws(PackError) {
    guard remaining == 0 else { throw refusal("\(remaining) bytes behind the last value") }
  }

  func refusal(_ message: String) -> PackError {
    PackError(
      code, message, at: .bytes(max(0, offset - 8)..<offset),
      hint: "make the bundle again from its model")
  }
}

/// Appends little-endian numbers.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  mutating func put(int value: Int) {
    put(Int64(value))
  }

  /// A finite number that is not negative; the reader refuses every other.
  mutating func put(double value: Double) {
    // Both zeros are equal, so only one of them is written.
    put(value == 0 ? 0 : value.bitPattern)
  }

  mutating func put(text: String) {
    let utf8 = Array(text.utf8)
    put(int: utf8.count)
    bytes += utf8
  }

  mutating func put(bytes more: [UInt8]) {
    bytes += more
  }

  mutating func pad(to count: Int) {
    if count > bytes.count { bytes += [UInt8](repeating: 0, count: count - bytes.count) }
  }
}
