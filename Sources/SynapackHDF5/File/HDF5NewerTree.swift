internal import SynapackSupport

/// A B-tree of version 2: records of one size, in inner nodes too.
///
/// Source: HDF5 File Format Specification 3.0, III.A.2.
struct HDF5NewerTree {
  private let source: HDF5Source
  private let type: UInt8
  private let recordSize: Int
  /// Bytes of a count of records of one node.
  private let countSize: Int
  /// By depth: bytes of a count of records of a whole subtree.
  private var totalSizes: [Int] = []
  private(set) var records: [Range<Int>] = []

  private static let largestDepth = 8

  /// Reads all records, from left to right.
  init(
    at address: Int, type: UInt8, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) {
    self.source = source
    self.type = type
    let size = 22 + source.offsetSize + source.lengthSize - 4
    var head = try source.cursor(at: address, count: size, "B-tree")
    try head.signature("BTHD")
    _ = try head.version(0...0)
    let found = try head.byte()
    let nodeSize = try head.integer(4)
    recordSize = try head.integer(2)
    let depth = try head.integer(2)
    try head.skip(2)
    let root = try head.address()
    let count = try head.integer(2)
    try HDF5Checksum.check(address..<address + size, in: source, "B-tree")
    guard found == type, depth <= HDF5NewerTree.largestDepth, recordSize > 0,
      nodeSize > 10 + recordSize, nodeSize <= source.file.count
    else {
      throw HDF5.malformed("the head of a B-tree contradicts itself", address..<address + size)
    }
    var largest = (nodeSize - 10) / recordSize
    var total = largest
    countSize = HDF5NewerTree.bytes(for: largest)
    totalSizes = [0]
    for level in 0..<depth {
      let pointer = source.offsetSize + countSize + (totalSizes.last ?? 0)
      largest = max(0, nodeSize - 10 - pointer) / (recordSize + pointer)
      guard let product = (largest + 1).times(total), let sum = product.adding(largest) else {
        throw HDF5.malformed("a B-tree is too deep", address..<address + size)
      }
      if level + 1 < depth { totalSizes.append(HDF5NewerTree.bytes(for: sum)) }
      total = sum
    }
    if let root { try read(root, count, depth: depth, &budget) }
  }

  private static func bytes(for value: Int) -> Int {
    (Int.bitWidth - max(value, 1).leadingZeroBitCount - 1) / 8 + 1
  }

  /// Nodes lie at most `depth` calls deep, which the head bounds.
  private mutating func read(
    _ address: Int, _ count: Int, depth: Int, _ budget: inout HDF5Budget
  ) throws(PackError) {
    let pointer = source.offsetSize + countSize + (depth > 1 ? totalSizes[depth - 1] : 0)
    let size = 6 + count * recordSize + (depth > 0 ? (count + 1) * pointer : 0)
    try budget.spend(structure: size + 4)
    var cursor = try source.cursor(at: address, count: size, "B-tree node")
    if depth > 0 { try cursor.signature("BTIN") } else { try cursor.signature("BTLF") }
    _ = try cursor.version(0...0)
    guard try cursor.byte() == type else {
      throw HDF5.malformed("a B-tree node is another tree's", address..<cursor.position)
    }
    try HDF5Checksum.check(address..<address + size, in: source, "B-tree node")
    var own: [Range<Int>] = []
    for _ in 0..<count { own.append(try cursor.range(recordSize)) }
    guard depth > 0 else { return records += own }
    for index in 0...count {
      let child = try cursor.definedAddress()
      let childCount = try cursor.integer(countSize)
      try cursor.skip(depth > 1 ? totalSizes[depth - 1] : 0)
      try read(child, childCount, depth: depth - 1, &budget)
      if index < count { records.append(own[index]) }
    }
  }
}
