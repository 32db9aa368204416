/// The header before an entry's data, held against what the directory says.
struct ZipLocalHeader {
  /// Where the stored bytes lie.
  let data: Range<Int>
  /// Where the entry ends, a data descriptor included.
  let end: Int

  /// Bytes of the header without its name and extra fields (APPNOTE 4.3.7).
  private static let headerBytes = 30

  /// - Parameter end: where the directory begins; no entry reaches past it.
  init(_ span: RawSpan, _ record: ZipRecord, end: Int) throws(PackError) {
    let start = record.offset
    guard end - start >= ZipLocalHeader.headerBytes,
      span.number(at: start, as: UInt32.self) == 0x0403_4B50,
      let flags = span.number(at: start + 6, as: UInt16.self),
      let method = span.number(at: start + 8, as: UInt16.self),
      let checksum = span.number(at: start + 14, as: UInt32.self),
      let stored = span.number(at: start + 18, as: UInt32.self),
      let size = span.number(at: start + 22, as: UInt32.self),
      let nameCount = span.number(at: start + 26, as: UInt16.self),
      let extraCount = span.number(at: start + 28, as: UInt16.self)
    else {
      throw zipRefusal("the header of `\(record.name)` is missing or cut off", start..<end)
    }
    let nameStart = start + ZipLocalHeader.headerBytes
    let extraStart = nameStart + Int(nameCount)
    let dataStart = extraStart + Int(extraCount)
    guard dataStart <= end, record.sizes.storedSize <= end - dataStart else {
      throw zipRefusal("the data of `\(record.name)` reaches into the directory", start..<end)
    }
    let wide = try ZipWideSizes(span, extraStart..<dataStart, [size, stored])
    guard flags == record.flags, method == record.method.rawValue,
      span.copy(nameStart..<extraStart) == record.nameBytes
    else {
      throw zipRefusal(
        "the header of `\(record.name)` has another name, method or flags than the directory",
        start..<dataStart)
    }
    let sizes = ZipSizes(size: wide.values[0], storedSize: wide.values[1])
    let follows = flags & 0b1000 != 0
    let isUnset = checksum == 0 && sizes == ZipSizes(size: 0, storedSize: 0)
    guard follows && isUnset || checksum == record.checksum && sizes == record.sizes else {
      throw zipRefusal(
        "the header of `\(record.name)` states other sizes or another checksum than the directory",
        start..<dataStart)
    }
    data = dataStart..<dataStart + record.sizes.storedSize
    self.end =
      follows
      ? try ZipLocalHeader.descriptorEnd(
        span, record, data.upperBound, wide: size == .max, end: end) : data.upperBound
  }

  /// The end of the data descriptor (APPNOTE 4.3.9), which must repeat the directory's numbers.
  ///
  /// - Parameter wide: whether the header announced 64-bit sizes.
  private static func descriptorEnd(
    _ span: RawSpan, _ record: ZipRecord, _ start: Int, wide: Bool, end: Int
  ) throws(PackError) -> Int {
    let hasSignature = span.number(at: start, as: UInt32.self) == 0x0807_4B50
    let first = hasSignature ? start + 4 : start
    let width = wide ? 8 : 4
    let last = first + 4 + 2 * width
    let sizes = [first + 4, first + 4 + width].map { place -> UInt64? in
      wide
        ? span.number(at: place, as: UInt64.self)
        : span.number(at: place, as: UInt32.self).map { UInt64($0) }
    }
    guard last <= end, span.number(at: first, as: UInt32.self) == record.checksum,
      sizes == [UInt64(record.sizes.storedSize), UInt64(record.sizes.size)]
    else {
      throw zipRefusal(
        "the sizes behind the data of `\(record.name)` are not those of the directory",
        start..<min(last, end))
    }
    return last
  }
}
