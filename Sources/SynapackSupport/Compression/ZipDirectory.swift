/// The directory of a zip archive, entry by entry, and its agreement with the rest of the file.
enum ZipDirectory {
  /// Bytes of an entry's record without its name and extra fields (APPNOTE 4.3.12).
  static let recordBytes = 46

  /// All entries in the order of their data, which fills the file up to the directory.
  static func entries(
    _ span: RawSpan, _ naming: ZipArchive.Naming = .paths
  ) throws(PackError) -> [ZipArchive.Entry] {
    let end = try ZipEnd(span)
    var records: [ZipRecord] = []
    var names = ZipNames(naming)
    var position = end.directory.lowerBound
    for _ in 0..<end.count {
      let record = try ZipRecord(span, at: position, end: end.directory.upperBound, naming)
      try names.add(record.name, at: record.range)
      position = record.range.upperBound
      records.append(record)
    }
    guard position == end.directory.upperBound else {
      throw zipRefusal(
        "bytes of the directory belong to no entry", position..<end.directory.upperBound)
    }
    records.sort { $0.offset < $1.offset }
    var entries: [ZipArchive.Entry] = []
    var filled = 0
    for record in records {
      guard record.offset == filled else { throw misplaced(record, filled) }
      let header = try ZipLocalHeader(
        span, record, end: end.directory.lowerBound)
      filled = header.end
      entries.append(
        ZipArchive.Entry(
          name: record.name, method: record.method, size: record.sizes.size,
          checksum: record.checksum, range: header.data))
    }
    guard filled == end.directory.lowerBound else {
      throw zipRefusal("bytes belong to no entry", filled..<end.directory.lowerBound)
    }
    return entries
  }

  private static func misplaced(_ record: ZipRecord, _ filled: Int) -> PackError {
    if record.offset < filled {
      return zipRefusal(
        "the entry `\(record.name)` at byte \(record.offset) overlaps the one before it, which "
          + "ends at byte \(filled)", record.range)
    }
    return zipRefusal("bytes belong to no entry", filled..<record.offset)
  }
}

/// The numbers of an entry that may need 64 bits.
struct ZipSizes: Hashable {
  var size: Int
  var storedSize: Int
}

/// What the directory says of one entry.
struct ZipRecord {
  let name: String
  let nameBytes: [UInt8]
  let flags: UInt16
  let method: ZipArchive.Method
  let checksum: UInt32
  let sizes: ZipSizes
  /// Where the entry's own header begins.
  let offset: Int
  /// Where this record lies.
  let range: Range<Int>

  init(
    _ span: RawSpan, at start: Int, end: Int, _ naming: ZipArchive.Naming
  ) throws(PackError) {
    guard end - start >= ZipDirectory.recordBytes,
      span.number(at: start, as: UInt32.self) == 0x0201_4B50,
      let flags = span.number(at: start + 8, as: UInt16.self),
      let method = span.number(at: start + 10, as: UInt16.self),
      let checksum = span.number(at: start + 16, as: UInt32.self),
      let stored = span.number(at: start + 20, as: UInt32.self),
      let size = span.number(at: start + 24, as: UInt32.self),
      let nameCount = span.number(at: start + 28, as: UInt16.self),
      let extraCount = span.number(at: start + 30, as: UInt16.self),
      let commentCount = span.number(at: start + 32, as: UInt16.self),
      let disk = span.number(at: start + 34, as: UInt16.self),
      let attributes = span.number(at: start + 38, as: UInt32.self),
      let offset = span.number(at: start + 42, as: UInt32.self)
    else { throw zipRefusal("an entry of the directory is malformed", start..<end) }
    let nameStart = start + ZipDirectory.recordBytes
    let extraStart = nameStart + Int(nameCount)
    let next = extraStart + Int(extraCount) + Int(commentCount)
    guard next <= end else {
      throw zipRefusal("an entry of the directory reaches past its end", start..<end)
    }
    range = start..<next
    nameBytes = span.copy(nameStart..<extraStart)
    name = try ZipNames.text(
      nameBytes, flags: flags, attributes: attributes, at: start..<next, naming)
    self.flags = flags
    self.method = try ZipRecord.method(method, flags: flags, disk: disk, name, start..<next)
    self.checksum = checksum
    let wide = try ZipWideSizes(
      span, extraStart..<extraStart + Int(extraCount), [size, stored, offset])
    sizes = ZipSizes(size: wide.values[0], storedSize: wide.values[1])
    self.offset = wide.values[2]
    try checkSizes()
  }

  private static func method(
    _ number: UInt16, flags: UInt16, disk: UInt16, _ name: String, _ range: Range<Int>
  ) throws(PackError) -> ZipArchive.Method {
    // Bits 1 and 2 tell how hard the writer tried, 3 that sizes follow the data, 11 UTF-8.
    guard flags & ~0b1000_0000_1110 == 0 else {
      throw PackError(
        .unsupportedArchive,
        flags & 1 == 1
          ? "the entry `\(name)` is encrypted" : "the entry `\(name)` has the flags \(flags)",
        at: .bytes(range), hint: "write the archive again without encryption")
    }
    guard let method = ZipArchive.Method(rawValue: number), disk == 0 else {
      throw PackError(
        .unsupportedArchive,
        "the entry `\(name)` is compressed with method \(number) or lies on disk \(disk)",
        at: .bytes(range), hint: "write the archive again with stored or deflated entries")
    }
    return method
  }

  private func checkSizes() throws(PackError) {
    let isFolder = name.hasSuffix("/")
    let fits =
      switch method {
      case .stored: sizes.size == sizes.storedSize && (!isFolder || sizes.size == 0)
      case .deflated: Inflate.mayHold(count: sizes.size, stored: sizes.storedSize) && !isFolder
      }
    guard fits else {
      throw zipRefusal(
        "the entry `\(name)` cannot hold \(sizes.size) bytes in \(sizes.storedSize)", range)
    }
  }
}

/// The extra field 1 (APPNOTE 4.5.3): 64-bit values of exactly those numbers that are all ones.
struct ZipWideSizes {
  let values: [Int]

  init(_ span: RawSpan, _ extra: Range<Int>, _ short: [UInt32]) throws(PackError) {
    var wide: Range<Int>?
    var position = extra.lowerBound
    while position < extra.upperBound {
      guard extra.upperBound - position >= 4,
        let tag = span.number(at: position, as: UInt16.self),
        let count = span.number(at: position + 2, as: UInt16.self),
        Int(count) <= extra.upperBound - position - 4
      else { throw zipRefusal("an extra field is cut off", extra) }
      let field = position + 4..<position + 4 + Int(count)
      if tag == 1 {
        guard wide == nil else { throw zipRefusal("the 64-bit sizes stand twice", extra) }
        wide = field
      }
      position = field.upperBound
    }
    var values: [Int] = []
    var next = wide?.lowerBound ?? extra.upperBound
    for number in short {
      guard number == .max else {
        values.append(Int(number))
        continue
      }
      guard let wide, next + 8 <= wide.upperBound,
        let value = span.number(at: next, as: UInt64.self), let exact = Int(exactly: value)
      else { throw zipRefusal("a 64-bit size is missing or out of range", extra) }
      values.append(exact)
      next += 8
    }
    guard
      next == wide?.upperBound ?? extra.upperBound
        || ZipWideSizes.repeats(values, span, wide ?? extra)
    else {
      throw zipRefusal("64-bit sizes stand where the short ones are in force", extra)
    }
    self.values = values
  }

  /// Whether a field says all numbers once more: so does Python's zipfile before 3.11.4, and with it
  /// every archive that numpy wrote there.
  private static func repeats(_ values: [Int], _ span: RawSpan, _ field: Range<Int>) -> Bool {
    field.count == 8 * values.count
      && values.enumerated().allSatisfy { index, value in
        span.number(at: field.lowerBound + 8 * index, as: UInt64.self) == UInt64(value)
      }
  }
}
