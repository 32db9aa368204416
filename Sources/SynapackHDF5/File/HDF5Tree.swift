internal import SynapackSupport

/// A B-tree of version 1, of groups (type 0) or of chunks (type 1).
///
/// Source: HDF5 File Format Specification 3.0, III.A.1.
struct HDF5Tree {
  private let type: UInt8
  private let keySize: Int
  private let source: HDF5Source

  /// A child of a node of the lowest level, with the key before it.
  struct Leaf {
    let key: Range<Int>
    let child: Int
  }

  init(type: UInt8, keySize: Int, _ source: HDF5Source) {
    self.type = type
    self.keySize = keySize
    self.source = source
  }

  /// All leaves, from left to right.
  func leaves(_ root: Int, _ budget: inout HDF5Budget) throws(PackError) -> [Leaf] {
    var leaves: [Leaf] = []
    // Each level must be one below its parent's, so no path is longer than 256 nodes.
    var open: [(address: Int, level: Int?)] = [(root, nil)]
    while let next = open.popLast() {
      let (level, children) = try node(next.address, expecting: next.level, &budget)
      if level == 0 {
        leaves += children
      } else {
        open += children.reversed().map { ($0.child, level - 1) }
      }
    }
    return leaves
  }

  private func node(
    _ address: Int, expecting expected: Int?, _ budget: inout HDF5Budget
  ) throws(PackError) -> (level: Int, children: [Leaf]) {
    var head = try source.cursor(at: address, count: 8 + 2 * source.offsetSize, "B-tree node")
    try head.signature("TREE")
    let kind = try head.byte()
    let level = Int(try head.byte())
    guard kind == type, level == expected ?? level else {
      throw HDF5.malformed(
        "a B-tree node is of the type \(kind) and level \(level)", address..<head.position)
    }
    let count = try head.integer(2)
    try head.skip(2 * source.offsetSize)
    let size = count * (keySize + source.offsetSize) + keySize
    try budget.spend(structure: size + 24)
    var cursor = try source.cursor(at: head.position, count: size, "B-tree node")
    var children: [Leaf] = []
    children.reserveCapacity(count)
    for _ in 0..<count {
      children.append(
        Leaf(key: try cursor.range(keySize), child: try cursor.definedAddress()))
    }
    return (level, children)
  }
}
