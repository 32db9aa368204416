/// The end of a zip archive: where its directory lies and how many entries it lists.
struct ZipEnd {
  /// Where the directory lies; what follows it are the records of the end alone.
  let directory: Range<Int>
  let count: Int

  /// Bytes of the record at the end without its comment (APPNOTE 4.3.16).
  private static let recordBytes = 22

  /// Finds the end record, which must be the only one that a reader could find.
  init(_ span: RawSpan) throws(PackError) {
    let start = try ZipEnd.locate(span)
    let disks = [4, 6].map { span.number(at: start + $0, as: UInt16.self) }
    let entries = [8, 10].map { span.number(at: start + $0, as: UInt16.self) }
    guard let count = entries[0], entries[1] == count, disks == [0, 0],
      let size = span.number(at: start + 12, as: UInt32.self),
      let offset = span.number(at: start + 16, as: UInt32.self)
    else {
      throw PackError(
        .unsupportedArchive, "the archive spans several disks",
        at: .bytes(start..<start + ZipEnd.recordBytes), hint: "write it again as one file")
    }
    let short = Fields(count: UInt64(count), size: UInt64(size), offset: UInt64(offset))
    let (fields, end) = try ZipEnd.wide(span, short, start) ?? (short, start)
    guard let first = Int(exactly: fields.offset), let length = Int(exactly: fields.size),
      first.adding(length) == end
    else {
      throw zipRefusal(
        "the directory of \(fields.size) bytes at byte \(fields.offset) does not end where the "
          + "end record begins", start..<start + ZipEnd.recordBytes)
    }
    guard let count = Int(exactly: fields.count), count <= length / ZipDirectory.recordBytes else {
      throw zipRefusal(
        "\(fields.count) entries in a directory of \(length) bytes",
        start..<start + ZipEnd.recordBytes)
    }
    directory = first..<end
    self.count = count
  }

  private struct Fields {
    var count: UInt64
    var size: UInt64
    var offset: UInt64
  }

  /// The place of the end record: the last signature, whose comment ends with the file.
  ///
  /// A second record that ends there too is refused: another reader could take it.
  private static func locate(_ span: RawSpan) throws(PackError) -> Int {
    let last = span.byteCount - recordBytes
    guard last >= 0 else {
      throw zipRefusal("\(span.byteCount) bytes are too few for an archive", 0..<span.byteCount)
    }
    var start: Int?
    for place in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where span.number(at: place, as: UInt32.self) == 0x0605_4B50 {
      let comment = Int(span.number(at: place + 20, as: UInt16.self) ?? 0)
      let isWhole = place + recordBytes + comment == span.byteCount
      if start == nil, !isWhole {
        throw zipRefusal(
          "\(last - place) bytes follow the end record, which announces \(comment)",
          place..<span.byteCount)
      }
      guard start == nil || !isWhole else {
        throw zipRefusal("two end records are found", place..<span.byteCount)
      }
      start = start ?? place
    }
    guard let start else {
      throw zipRefusal("the end record is missing", max(0, last - 0xFFFF)..<span.byteCount)
    }
    return start
  }

  /// The 64-bit end record and where it begins; `nil` where there is none and none is needed.
  ///
  /// A field of the short record is either all ones or equal to the wide one.
  private static func wide(
    _ span: RawSpan, _ short: Fields, _ end: Int
  ) throws(PackError) -> (Fields, Int)? {
    let locator = end - 20
    let needed =
      short.count == 0xFFFF || short.size == 0xFFFF_FFFF || short.offset == 0xFFFF_FFFF
    guard span.number(at: locator, as: UInt32.self) == 0x0706_4B50 else {
      guard !needed else {
        throw zipRefusal("the 64-bit end record is missing", end..<end + recordBytes)
      }
      return nil
    }
    let start = locator - 56
    guard start >= 0, span.number(at: locator + 4, as: UInt32.self) == 0,
      span.number(at: locator + 16, as: UInt32.self) == 1,
      span.number(at: locator + 8, as: UInt64.self) == UInt64(start),
      span.number(at: start, as: UInt32.self) == 0x0606_4B50,
      // The size of the rest of the record: no further data in it.
      span.number(at: start + 4, as: UInt64.self) == 44,
      span.number(at: start + 16, as: UInt64.self) == 0,
      let count = span.number(at: start + 32, as: UInt64.self),
      span.number(at: start + 24, as: UInt64.self) == count,
      let size = span.number(at: start + 40, as: UInt64.self),
      let offset = span.number(at: start + 48, as: UInt64.self)
    else {
      throw zipRefusal("the 64-bit end record is malformed", max(0, start)..<end)
    }
    guard short.count == 0xFFFF || short.count == count,
      short.size == 0xFFFF_FFFF || short.size == size,
      short.offset == 0xFFFF_FFFF || short.offset == offset
    else {
      throw zipRefusal("the two end records differ", start..<end + recordBytes)
    }
    return (Fields(count: count, size: size, offset: offset), start)
  }
}

/// An archive that contradicts itself, at `range`.
func zipRefusal(_ message: String, _ range: Range<Int>) -> PackError {
  PackError(
    .malformedArchive, message, at: .bytes(range), hint: "write the archive again, e.g. with numpy")
}
