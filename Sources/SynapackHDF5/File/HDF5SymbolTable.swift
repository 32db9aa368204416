internal import SynapackSupport

/// The links of a group in the older form: a B-tree of symbol nodes, names in a local heap.
///
/// Source: HDF5 File Format Specification 3.0, III.A.1, III.B, III.C and III.D.
struct HDF5SymbolTable {
  private let source: HDF5Source
  private let names: Range<Int>
  private(set) var links: [HDF5Link] = []

  private static let longestName = 4096

  /// - Parameter message: the body of a symbol table message.
  init(
    _ message: HDF5Message, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) {
    self.source = source
    var cursor = try source.cursor(message.body, "symbol table message")
    let tree = try cursor.definedAddress()
    names = try HDF5SymbolTable.heap(try cursor.definedAddress(), source)
    for node in try HDF5Tree(type: 0, keySize: source.lengthSize, source).leaves(tree, &budget) {
      try readNode(node.child, &budget)
    }
  }

  private static func heap(_ address: Int, _ source: HDF5Source) throws(PackError) -> Range<Int> {
    var cursor = try source.cursor(
      at: address, count: 8 + 2 * source.lengthSize + source.offsetSize, "local heap")
    try cursor.signature("HEAP")
    _ = try cursor.version(0...0)
    try cursor.skip(3)
    let size = try cursor.length()
    _ = try cursor.word(source.lengthSize)
    return try source.cursor(at: cursor.definedAddress(), count: size, "local heap").span
  }

  private mutating func readNode(
    _ address: Int, _ budget: inout HDF5Budget
  ) throws(PackError) {
    var head = try source.cursor(at: address, count: 8, "symbol node")
    try head.signature("SNOD")
    _ = try head.version(1...1)
    try head.skip(1)
    let count = try head.integer(2)
    let size = count * (2 * source.offsetSize + 24)
    try budget.spend(structure: size + 8)
    var cursor = try source.cursor(at: address + 8, count: size, "symbol node")
    for _ in 0..<count { try readEntry(&cursor, &budget) }
  }

  private mutating func readEntry(
    _ cursor: inout HDF5Cursor, _ budget: inout HDF5Budget
  ) throws(PackError) {
    let start = cursor.position
    let name = try text(at: try cursor.integer(source.offsetSize), cursor, &budget)
    let address = try cursor.address()
    let cache = try cursor.integer(4)
    try cursor.skip(4)
    var scratch = try source.cursor(cursor.range(16), "symbol node")
    switch (cache, address) {
    case (2, _):
      let path = try text(at: try scratch.integer(4), cursor, &budget)
      links.append(HDF5Link(name: name, target: .path(path)))
    case (0, let address?), (1, let address?):
      links.append(HDF5Link(name: name, target: .object(address)))
    default:
      throw HDF5.malformed("the link `\(name)` leads nowhere", start..<cursor.position)
    }
  }

  private func text(
    at offset: Int, _ cursor: HDF5Cursor, _ budget: inout HDF5Budget
  ) throws(PackError) -> String {
    guard offset < names.count else {
      throw HDF5.malformed("a name lies outside its heap", cursor.span)
    }
    let start = names.lowerBound + offset
    let bytes = source.file.withBytes { span in
      var end = start
      while end < min(names.upperBound, start + HDF5SymbolTable.longestName),
        span.byte(at: end) != 0
      { end += 1 }
      return span.copy(start..<end)
    }
    // Many entries may share one long name.
    try budget.spend(structure: bytes.count)
    guard bytes.count < HDF5SymbolTable.longestName, let text = utf8Text(bytes) else {
      throw HDF5.malformed("a name is too long or not UTF-8", start..<start + bytes.count)
    }
    return text
  }
}
