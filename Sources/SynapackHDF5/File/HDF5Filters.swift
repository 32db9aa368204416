internal import SynapackSupport

/// What was done to the bytes of each chunk, in the order in which it was done.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.l, versions 1 and 2.
struct HDF5Filters: Sendable {
  enum Filter: Sendable, Hashable {
    case deflate
    /// The bytes of elements of that size, laid out plane by plane.
    case shuffle(size: Int)
    case fletcher32
  }

  private(set) var filters: [Filter] = []

  init() {}

  init(_ message: HDF5Message, _ source: HDF5Source, elementSize: Int) throws(PackError) {
    var cursor = try source.cursor(message.body, "filter pipeline")
    let version = try cursor.version(1...2)
    let count = try cursor.byte()
    // The masks of chunks have a bit for each filter.
    guard count <= 32 else {
      throw HDF5.malformed("a pipeline has \(count) filters, 32 at most are possible", message.body)
    }
    if version == 1 { try cursor.skip(6) }
    for _ in 0..<count {
      filters.append(try HDF5Filters.filter(&cursor, version, elementSize))
    }
  }

  /// - Throws: `SYN0221` for every filter but three; none is ever loaded from outside.
  private static func filter(
    _ cursor: inout HDF5Cursor, _ version: UInt8, _ elementSize: Int
  ) throws(PackError) -> Filter {
    let start = cursor.position
    let number = try cursor.integer(2)
    let nameSize = version == 1 || number >= 256 ? try cursor.integer(2) : 0
    try cursor.skip(2)
    let valueCount = try cursor.integer(2)
    try cursor.skip(version == 1 ? nameSize + (8 - nameSize % 8) % 8 : nameSize)
    let values = try words(&cursor, valueCount)
    if version == 1, valueCount % 2 == 1 { try cursor.skip(4) }
    switch number {
    case 1: return .deflate
    case 2:
      let size = values.first ?? elementSize
      guard size == elementSize else {
        throw HDF5.malformed("a shuffle has a wrong size", start..<cursor.position)
      }
      return .shuffle(size: size)
    case 3: return .fletcher32
    default:
      let names = [
        4: "szip", 5: "nbit", 6: "scale-offset", 32000: "lzf", 32001: "blosc", 32004: "lz4",
        32008: "bitshuffle", 32015: "zstd",
      ]
      throw HDF5.unsupported(
        "the filter \(names[number].map { "\($0) (\(number))" } ?? String(number))",
        start..<cursor.position)
    }
  }

  private static func words(
    _ cursor: inout HDF5Cursor, _ count: Int
  ) throws(PackError) -> [Int] {
    var values: [Int] = []
    for _ in 0..<count { values.append(try cursor.integer(4)) }
    return values
  }

  /// The bytes of a chunk as they were before the filters.
  ///
  /// - Parameter mask: bit i set where filter i was left out.
  /// - Throws: `SYN0220` where they are not `count` bytes, `SYN0225` for a wrong checksum,
  ///   `SYN0233` for a damaged compressed stream.
  func decoded(
    _ stored: Range<Int>, _ source: HDF5Source, count: Int, mask: Int
  ) throws(PackError) -> [UInt8] {
    var applied: [(filter: Filter, before: Int?)] = []
    // How many bytes went into each filter, where that is known: deflate hides it.
    var size: Int? = count
    for (index, filter) in filters.enumerated() where mask >> index & 1 == 0 {
      applied.append((filter, size))
      switch filter {
      case .deflate: size = nil
      case .shuffle: break
      case .fletcher32: size = size?.adding(4)
      }
    }
    var bytes: [UInt8]?
    for (filter, before) in applied.reversed() {
      bytes = try HDF5Filters.undo(filter, bytes, stored, source, before: before)
    }
    let result = bytes ?? source.bytes(stored)
    guard result.count == count else {
      throw HDF5.malformed("a chunk holds \(result.count) bytes instead of \(count)", stored)
    }
    return result
  }

  private static func undo(
    _ filter: Filter, _ bytes: [UInt8]?, _ stored: Range<Int>, _ source: HDF5Source, before: Int?
  ) throws(PackError) -> [UInt8] {
    switch filter {
    case .deflate:
      guard let before else { throw HDF5.unsupported("two deflate filters", stored) }
      return try within(.bytes(stored)) { () throws(PackError) in
        if let bytes { return try Inflate.zlib(bytes, count: before) }
        return try source.file.withBytes { (span: RawSpan) throws(PackError) in
          try Inflate.zlib(span.extracting(stored), count: before)
        }
      }
    case .shuffle(let size): return unshuffled(bytes ?? source.bytes(stored), size)
    case .fletcher32: return try checked(bytes ?? source.bytes(stored), stored)
    }
  }

  private static func unshuffled(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    let count = bytes.count / max(1, size)
    guard size > 1, count > 1 else { return bytes }
    // What does not fill an element stays at the end.
    var result = bytes
    for plane in 0..<size {
      for index in 0..<count {
        result[index * size + plane] = bytes[plane * count + index]
      }
    }
    return result
  }

  private static func checked(
    _ bytes: [UInt8], _ stored: Range<Int>
  ) throws(PackError) -> [UInt8] {
    guard bytes.count >= 4 else { throw HDF5.malformed("a chunk lacks its checksum", stored) }
    let body = Array(bytes.dropLast(4))
    let expected = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard fletcher32(body) == expected else { throw HDF5.wrongChecksum("chunk", stored) }
    return body
  }

  /// Two running sums of 16-bit words, highest byte first, in ones' complement: modulo 65535, with
  /// 65535 in place of 0 once anything was added.
  ///
  /// Source: Fletcher, "An Arithmetic Checksum for Serial Transmissions", 1982.
  static func fletcher32(_ bytes: [UInt8]) -> UInt32 {
    var (first, second): (UInt32, UInt32) = (0, 0)
    for index in stride(from: 0, to: bytes.count, by: 2) {
      let low = index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0
      first = folded(first + (UInt32(bytes[index]) << 8 | low))
      second = folded(second + first)
    }
    return second << 16 | first
  }

  private static func folded(_ sum: UInt32) -> UInt32 { (sum & 0xFFFF) + (sum >> 16) }
}
