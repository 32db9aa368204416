internal import SynapackSupport

/// The bytes with what every structure needs to be read: the width of its numbers and
/// where addresses count from.
///
/// Source: HDF5 File Format Specification 3.0, I and II.A.
struct HDF5Source: Sendable {
  let file: HDF5Bytes
  /// The place of address 0.
  var base = 0
  /// Bytes of an address.
  var offsetSize = 8
  /// Bytes of a length.
  var lengthSize = 8

  /// A cursor over `count` bytes from `position` on.
  ///
  /// - Throws: `SYN0220` where they leave the file.
  func cursor(at position: Int, count: Int, _ what: String) throws(PackError) -> HDF5Cursor {
    guard position >= 0, count >= 0, let end = position.adding(count), end <= file.count else {
      let start = min(max(position, 0), file.count)
      throw HDF5.malformed(
        "the \(what) of \(count) bytes at \(position) leaves the file", start..<file.count)
    }
    return HDF5Cursor(source: self, what: what, position: position, end: end)
  }

  func cursor(_ range: Range<Int>, _ what: String) throws(PackError) -> HDF5Cursor {
    try cursor(at: range.lowerBound, count: range.count, what)
  }

  /// The bytes of a range that a cursor has checked.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    file.withBytes { $0.copy(range.clamped(to: 0..<$0.byteCount)) }
  }
}

/// Reads one structure from front to back and never past its end.
struct HDF5Cursor {
  let source: HDF5Source
  /// What messages call the structure.
  let what: String
  private(set) var position: Int
  let end: Int

  init(source: HDF5Source, what: String, position: Int, end: Int) {
    self.source = source
    self.what = what
    self.position = position
    self.end = end
  }

  var remaining: Int { end - position }

  private mutating func take(_ count: Int) throws(PackError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw HDF5.malformed("the \(what) is cut off", position..<end)
    }
    defer { position += count }
    return position..<position + count
  }

  /// The range of the next `count` bytes.
  mutating func range(_ count: Int) throws(PackError) -> Range<Int> { try take(count) }

  mutating func skip(_ count: Int) throws(PackError) { _ = try take(count) }

  mutating func bytes(_ count: Int) throws(PackError) -> [UInt8] {
    source.bytes(try take(count))
  }

  mutating func byte() throws(PackError) -> UInt8 {
    let place = try take(1)
    return source.file.withBytes { $0.byte(at: place.lowerBound) }
  }

  /// An unsigned little-endian number of `size` bytes, all 64 bits of it.
  mutating func word(_ size: Int) throws(PackError) -> UInt64 {
    let place = try take(size)
    return source.file.withBytes { span in
      place.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(span.byte(at: $1)) }
    }
  }

  /// An unsigned little-endian number of `size` bytes.
  ///
  /// - Throws: `SYN0220` where it does not fit an `Int`.
  mutating func integer(_ size: Int) throws(PackError) -> Int {
    let start = position
    guard let value = Int(exactly: try word(size)) else {
      throw HDF5.malformed("a number of the \(what) is out of range", start..<position)
    }
    return value
  }

  mutating func length() throws(PackError) -> Int { try integer(source.lengthSize) }

  /// The place in the file that an address names; `nil` for the undefined address.
  mutating func address() throws(PackError) -> Int? {
    let start = position
    let value = try word(source.offsetSize)
    let undefined = UInt64.max >> UInt64(64 - 8 * source.offsetSize)
    guard value != undefined else { return nil }
    guard let offset = Int(exactly: value), let place = offset.adding(source.base),
      place < source.file.count
    else {
      throw HDF5.malformed("an address of the \(what) leaves the file", start..<position)
    }
    return place
  }

  /// An address that must be there.
  mutating func definedAddress() throws(PackError) -> Int {
    let start = position
    guard let address = try address() else {
      throw HDF5.malformed("an address of the \(what) is undefined", start..<position)
    }
    return address
  }

  mutating func signature(_ expected: StaticString) throws(PackError) {
    let start = position
    let found = try bytes(4)
    guard found == Array(expected.description.utf8) else {
      throw HDF5.malformed("the \(what) lacks its signature `\(expected)`", start..<position)
    }
  }

  mutating func version(_ supported: ClosedRange<UInt8>) throws(PackError) -> UInt8 {
    let start = position
    let version = try byte()
    guard supported.contains(version) else {
      throw HDF5.unsupported("version \(version) of the \(what)", start..<position)
    }
    return version
  }

  /// UTF-8 text of `count` bytes up to the first zero byte.
  mutating func text(_ count: Int) throws(PackError) -> String {
    let place = try take(count)
    let bytes = Array(source.bytes(place).prefix { $0 != 0 })
    guard let text = utf8Text(bytes) else {
      throw HDF5.malformed("a name in the \(what) is not UTF-8", place)
    }
    return text
  }
}
