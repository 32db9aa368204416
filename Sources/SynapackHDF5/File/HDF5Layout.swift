internal import SynapackSupport

/// Where the elements of a dataset stand.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.i, versions 3 and 4.
enum HDF5Layout: Sendable, Hashable {
  /// In the object header itself.
  case compact(Range<Int>)
  /// In one piece of the file; `nil` where nothing was ever written.
  case contiguous(address: Int?, size: Int)
  case chunked(HDF5Chunks)

  init(_ message: HDF5Message, _ source: HDF5Source) throws(PackError) {
    var cursor = try source.cursor(message.body, "data layout")
    let version = try cursor.version(3...4)
    let type = try cursor.byte()
    switch type {
    case 0: self = .compact(try cursor.range(try cursor.integer(2)))
    case 1:
      let address = try cursor.address()
      self = .contiguous(address: address, size: try cursor.length())
    case 2: self = .chunked(try HDF5Chunks(&cursor, version))
    case 3: throw HDF5.unsafe("a virtual dataset", message.body)
    default: throw HDF5.unsupported("the data layout \(type)", message.body)
    }
  }
}

/// Pieces of equal extents, and the index that tells where each stands.
struct HDF5Chunks: Sendable, Hashable {
  enum Index: Sendable, Hashable {
    /// A B-tree of version 1.
    case tree
    /// One chunk for the whole dataset; its stored size and mask where it is filtered.
    case single(size: Int, mask: Int, isFiltered: Bool)
    /// All chunks in order, none filtered.
    case implicit
    case fixedArray
  }

  let index: Index
  /// The place of the index; `nil` where nothing was ever written.
  let address: Int?
  /// The extents of one chunk, in elements.
  let dimensions: [Int]
  /// Bytes of one element.
  let elementSize: Int
  /// Whether chunks that stick out of the dataset are stored without filters.
  let sparesEdges: Bool

  init(_ cursor: inout HDF5Cursor, _ version: UInt8) throws(PackError) {
    let start = cursor.position
    let flags = version == 4 ? try cursor.byte() : 0
    let rank = Int(try cursor.byte())
    sparesEdges = flags & 1 != 0
    var extents: [Int] = []
    if version == 3 {
      address = try cursor.address()
      index = .tree
      for _ in 0..<rank { extents.append(try cursor.integer(4)) }
    } else {
      let width = Int(try cursor.byte())
      guard (1...8).contains(width) else {
        throw HDF5.malformed("chunk extents of \(width) bytes", start..<cursor.position)
      }
      for _ in 0..<rank { extents.append(try cursor.integer(width)) }
      index = try HDF5Chunks.index(&cursor, isFiltered: flags & 2 != 0)
      address = try cursor.address()
    }
    guard let size = extents.popLast(), !extents.isEmpty, size > 0,
      extents.allSatisfy({ $0 > 0 }), let count = extents.checkedProduct(), count < 1 << 48
    else {
      throw HDF5.malformed("the extents of a chunk are empty or overflow", start..<cursor.position)
    }
    dimensions = extents
    elementSize = size
  }

  private static func index(
    _ cursor: inout HDF5Cursor, isFiltered: Bool
  ) throws(PackError) -> Index {
    let start = cursor.position
    switch try cursor.byte() {
    case 1:
      guard isFiltered else { return .single(size: 0, mask: 0, isFiltered: false) }
      let size = try cursor.length()
      return .single(size: size, mask: try cursor.integer(4), isFiltered: true)
    case 2: return .implicit
    case 3:
      try cursor.skip(1)
      return .fixedArray
    case 4: throw HDF5.unsupported("an extensible array of chunks", start..<cursor.position)
    case 5: throw HDF5.unsupported("a B-tree of version 2 of chunks", start..<cursor.position)
    case let type: throw HDF5.unsupported("the chunk index \(type)", start..<cursor.position)
    }
  }
}
