internal import SynapackSupport

/// The links of a group in whichever form it keeps them.
enum HDF5Links {
  static func of(
    _ group: HDF5Object, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) -> [HDF5Link] {
    if let message = try group.message(HDF5MessageType.symbolTable) {
      return try HDF5SymbolTable(message, source, &budget).links
    }
    var links: [HDF5Link] = []
    for message in group.messages where message.type == HDF5MessageType.link {
      var cursor = try source.cursor(message.body, "link")
      links.append(try HDF5Link(&cursor))
    }
    if let message = try group.message(HDF5MessageType.linkInfo) {
      links += try dense(message, source, &budget)
    }
    return links
  }

  /// The links that stand in a fractal heap, as those of large groups do.
  ///
  /// Source: HDF5 File Format Specification 3.0, IV.A.2.c.
  private static func dense(
    _ message: HDF5Message, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) -> [HDF5Link] {
    var cursor = try source.cursor(message.body, "link information")
    _ = try cursor.version(0...0)
    let flags = try cursor.byte()
    try cursor.skip(flags & 1 != 0 ? 8 : 0)
    guard let heap = try cursor.address() else { return [] }
    let names = try cursor.definedAddress()
    return try HDF5DenseLinks(heap: heap, names: names, source, &budget).links
  }
}
