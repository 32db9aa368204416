internal import SynapackSupport

/// A small named value of an object.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.m, versions 1 to 3.
struct HDF5Attribute: Sendable {
  let name: String
  let type: HDF5Datatype
  let space: HDF5Dataspace
  /// Where the elements stand.
  let values: Range<Int>

  init(_ message: HDF5Message, _ source: HDF5Source) throws(PackError) {
    var cursor = try source.cursor(message.body, "attribute")
    let version = try cursor.version(1...3)
    let flags = try cursor.byte()
    guard version == 1 || flags & 3 == 0 else {
      throw HDF5.unsupported("an attribute of a named datatype", message.body)
    }
    let sizes = [try cursor.integer(2), try cursor.integer(2), try cursor.integer(2)]
    if version == 3 { try cursor.skip(1) }
    var parts: [Range<Int>] = []
    for size in sizes {
      parts.append(try cursor.range(size))
      // Version 1 fills each part up to a multiple of 8 bytes.
      if version == 1 { try cursor.skip((8 - size % 8) % 8) }
    }
    var text = try source.cursor(parts[0], "attribute")
    name = try text.text(parts[0].count)
    var typeCursor = try source.cursor(parts[1], "datatype")
    type = try HDF5Datatype(&typeCursor)
    var spaceCursor = try source.cursor(parts[2], "dataspace")
    space = try HDF5Dataspace(&spaceCursor)
    guard let size = space.count.times(type.byteCount) else {
      throw HDF5.malformed("the size of an attribute overflows", message.body)
    }
    values = try cursor.range(size)
  }
}
