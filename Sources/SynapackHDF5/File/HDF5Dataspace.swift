internal import SynapackSupport

/// The extents of a dataset or attribute.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.b, versions 1 and 2.
struct HDF5Dataspace: Sendable, Hashable {
  /// Empty for a scalar; `[0]` stands for the null dataspace, which has no elements.
  let dimensions: [Int]
  /// How far each may grow; `nil` where it may without end.
  let largest: [Int?]
  let isNull: Bool
  /// The product of the dimensions.
  let count: Int

  private static let largestRank = 32

  init(_ cursor: inout HDF5Cursor) throws(PackError) {
    let start = cursor.position
    let version = try cursor.version(1...2)
    let rank = Int(try cursor.byte())
    let flags = try cursor.byte()
    let type = try cursor.byte()
    if version == 1 { try cursor.skip(4) }
    isNull = version == 2 && type == 2
    guard rank <= HDF5Dataspace.largestRank, version == 1 || type <= 2,
      (version == 2 && type != 1) == (rank == 0) || version == 1
    else {
      throw HDF5.malformed(
        "a dataspace has \(rank) axes of the type \(type)", start..<cursor.position)
    }
    guard flags & 2 == 0 else {
      throw HDF5.unsupported("a permuted dataspace", start..<cursor.position)
    }
    var dimensions: [Int] = []
    for _ in 0..<rank { dimensions.append(try cursor.length()) }
    var largest: [Int?] = dimensions
    if flags & 1 != 0 {
      for axis in 0..<rank {
        largest[axis] = Int(exactly: try cursor.word(cursor.source.lengthSize))
        if cursor.source.lengthSize < 8, largest[axis] == 1 << (8 * cursor.source.lengthSize) - 1 {
          largest[axis] = nil
        }
      }
    }
    // Empty extents count as 1 here: the others must stay small enough to be multiplied too.
    guard let extent = dimensions.lazy.map({ max($0, 1) }).checkedProduct(), extent < 1 << 48,
      zip(dimensions, largest).allSatisfy({ $0 <= $1 ?? .max })
    else {
      throw HDF5.malformed(
        "the extents \(dimensions) of a dataspace overflow", start..<cursor.position)
    }
    self.dimensions = isNull ? [0] : dimensions
    self.largest = isNull ? [0] : largest
    count = isNull || dimensions.contains(0) ? 0 : extent
  }
}
