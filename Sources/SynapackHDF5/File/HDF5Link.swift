internal import SynapackSupport

/// A name in a group and what it leads to.
struct HDF5Link: Sendable, Hashable {
  enum Target: Sendable, Hashable {
    /// The place of an object header.
    case object(Int)
    /// A path, from the root where it begins with a slash, else from the group.
    case path(String)
  }

  let name: String
  let target: Target
}

extension HDF5Link {
  /// Reads the body of a link message.
  ///
  /// Source: HDF5 File Format Specification 3.0, IV.A.2.g.
  ///
  /// - Throws: `SYN0222` for an external or user-defined link, whose target is another file or
  ///   whatever a plugin makes of it.
  init(_ cursor: inout HDF5Cursor) throws(PackError) {
    let whole = cursor.span
    _ = try cursor.version(1...1)
    let flags = try cursor.byte()
    let type = flags & 8 != 0 ? try cursor.byte() : 0
    if flags & 4 != 0 { try cursor.skip(8) }
    if flags & 16 != 0 { try cursor.skip(1) }
    name = try cursor.text(try cursor.integer(1 << Int(flags & 3)))
    switch type {
    case 0: target = .object(try cursor.definedAddress())
    case 1: target = .path(try cursor.text(try cursor.integer(2)))
    case 64: throw HDF5.unsafe("an external link, `\(name)`", whole)
    default: throw HDF5.unsafe("a user-defined link, `\(name)`", whole)
    }
  }
}
