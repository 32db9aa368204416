internal import SynapackSupport

/// Where a file begins: the width of its numbers and the address of its root group.
///
/// Source: HDF5 File Format Specification 3.0, II.A, versions 0 to 3.
struct HDF5Superblock {
  let source: HDF5Source
  /// The place of the root group's object header.
  let root: Int
  /// The place of the header that extends the superblock.
  let `extension`: Int?

  /// The place of the signature: 0, or a power of two from 512 on.
  static func start(_ file: HDF5Bytes) -> Int? {
    var start = 0
    while start + 8 <= file.count {
      let found = file.withBytes { $0.copy(start..<start + 8) }
      if found == HDF5Signature.bytes { return start }
      start = start == 0 ? 512 : start * 2
    }
    return nil
  }

  init(_ file: HDF5Bytes) throws(PackError) {
    guard let start = HDF5Superblock.start(file) else {
      throw HDF5.malformed("the signature of HDF5 is missing", 0..<min(8, file.count))
    }
    let whole = HDF5Source(file: file)
    var cursor = try whole.cursor(at: start + 8, count: file.count - start - 8, "superblock")
    let version = try cursor.version(0...3)
    (source, root, `extension`) =
      version < 2
      ? try HDF5Superblock.older(&cursor, version)
      : try HDF5Superblock.newer(&cursor, start: start)
  }

  private static func sizes(
    _ cursor: inout HDF5Cursor
  ) throws(PackError) -> HDF5Source {
    let start = cursor.position
    var source = cursor.source
    source.offsetSize = Int(try cursor.byte())
    source.lengthSize = Int(try cursor.byte())
    guard [2, 4, 8].contains(source.offsetSize), [2, 4, 8].contains(source.lengthSize) else {
      throw HDF5.unsupported(
        "addresses of \(source.offsetSize) and lengths of \(source.lengthSize) bytes",
        start..<cursor.position)
    }
    return source
  }

  /// Versions 0 and 1: fixed fields, then the symbol table entry of the root group.
  private static func older(
    _ cursor: inout HDF5Cursor, _ version: UInt8
  ) throws(PackError) -> (HDF5Source, Int, Int?) {
    // Versions of the free space, the root group and shared headers, each with a reserved byte.
    for expected in [0, 0] where try cursor.byte() != expected {
      throw HDF5.malformed(
        "the superblock's versions are unknown", cursor.position - 1..<cursor.position)
    }
    try cursor.skip(2)
    var source = try sizes(&cursor)
    try cursor.skip(1 + 4 + 4 + (version == 1 ? 4 : 0))
    var fields = HDF5Cursor(
      source: source, what: cursor.what, position: cursor.position, end: cursor.end)
    source = try checkedBase(&fields)
    fields = HDF5Cursor(
      source: source, what: cursor.what, position: fields.position, end: fields.end)
    _ = try fields.address()
    try checkEnd(&fields)
    if try fields.address() != nil {
      throw HDF5.unsafe("a file driver", fields.position - source.offsetSize..<fields.position)
    }
    try fields.skip(source.offsetSize)
    return (source, try fields.definedAddress(), nil)
  }

  /// Versions 2 and 3: addresses only, behind a checksum.
  private static func newer(
    _ cursor: inout HDF5Cursor, start: Int
  ) throws(PackError) -> (HDF5Source, Int, Int?) {
    var source = try sizes(&cursor)
    try cursor.skip(1)
    var fields = HDF5Cursor(
      source: source, what: cursor.what, position: cursor.position, end: cursor.end)
    source = try checkedBase(&fields)
    fields = HDF5Cursor(
      source: source, what: cursor.what, position: fields.position, end: fields.end)
    let further = try fields.address()
    try checkEnd(&fields)
    let root = try fields.definedAddress()
    try HDF5Checksum.check(start..<fields.position, in: source, "superblock")
    return (source, root, further)
  }

  private static func checkedBase(_ cursor: inout HDF5Cursor) throws(PackError) -> HDF5Source {
    let start = cursor.position
    let base = try cursor.integer(cursor.source.offsetSize)
    guard base < cursor.source.file.count else {
      throw HDF5.malformed("the base address leaves the file", start..<cursor.position)
    }
    var source = cursor.source
    source.base = base
    return source
  }

  /// The end that the superblock states, counted from the file's first byte, must lie in the file;
  /// what follows it is not ours.
  private static func checkEnd(_ cursor: inout HDF5Cursor) throws(PackError) {
    let start = cursor.position
    let end = try cursor.integer(cursor.source.offsetSize)
    let count = cursor.source.file.count
    guard end <= count else {
      throw HDF5.malformed(
        "the file is cut off: it has \(count) of \(end) bytes", start..<cursor.position)
    }
  }
}
