internal import SynapackSupport

/// The checksum of the newer structures: Bob Jenkins' lookup3, `hashlittle` with the seed 0.
///
/// Source: HDF5 File Format Specification 3.0, "Disk Format: Level 0A"; Jenkins, "lookup3.c", 2006,
/// public domain.
enum HDF5Checksum {
  /// Compares the four bytes behind `range` with the checksum of `range`.
  ///
  /// - Throws: `SYN0225` where they differ, `SYN0220` where they leave the file.
  static func check(
    _ range: Range<Int>, in source: HDF5Source, _ what: String
  ) throws(PackError) {
    var stored = try source.cursor(at: range.upperBound, count: 4, what)
    let expected = UInt32(truncatingIfNeeded: try stored.word(4))
    let found = source.file.withBytes { lookup3($0.extracting(range)) }
    guard expected == found else {
      throw HDF5.wrongChecksum(what, range.lowerBound..<range.upperBound + 4)
    }
  }

  static func lookup3(_ bytes: RawSpan) -> UInt32 {
    let seed = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.byteCount)
    var (a, b, c) = (seed, seed, seed)
    var index = 0
    while bytes.byteCount - index > 12 {
      a &+= word(bytes, index)
      b &+= word(bytes, index + 4)
      c &+= word(bytes, index + 8)
      mix(&a, &b, &c)
      index += 12
    }
    guard index < bytes.byteCount else { return c }
    a &+= word(bytes, index)
    b &+= word(bytes, index + 4)
    c &+= word(bytes, index + 8)
    finish(&a, &b, &c)
    return c
  }

  /// Four bytes, lowest first; those behind the end count as zero.
  private static func word(_ bytes: RawSpan, _ start: Int) -> UInt32 {
    var word: UInt32 = 0
    for index in 0..<4 where start + index < bytes.byteCount {
      word |= UInt32(bytes.byte(at: start + index)) << UInt32(8 * index)
    }
    return word
  }

  private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value << count | value >> (32 - count)
  }

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a &-= c
    a ^= rotated(c, 4)
    c &+= b
    b &-= a
    b ^= rotated(a, 6)
    a &+= c
    c &-= b
    c ^= rotated(b, 8)
    b &+= a
    a &-= c
    a ^= rotated(c, 16)
    c &+= b
    b &-= a
    b ^= rotated(a, 19)
    a &+= c
    c &-= b
    c ^= rotated(b, 4)
    b &+= a
  }

  private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    c ^= b
    c &-= rotated(b, 14)
    a ^= c
    a &-= rotated(c, 11)
    b ^= a
    b &-= rotated(a, 25)
    c ^= b
    c &-= rotated(b, 16)
    a ^= c
    a &-= rotated(c, 4)
    b ^= a
    b &-= rotated(a, 14)
    c ^= b
    c &-= rotated(b, 24)
  }
}
