internal import SynapackSupport

/// One stored chunk.
struct HDF5Chunk {
  /// The chunk's place in the grid of chunks.
  let position: [Int]
  let stored: Range<Int>
  /// Bit i set where filter i was left out.
  let mask: Int
}

/// Finds the chunks of a dataset.
///
/// Source: HDF5 File Format Specification 3.0, III.A.1 and VII.A to VII.C.
struct HDF5ChunkIndex {
  let chunks: HDF5Chunks
  let space: HDF5Dataspace
  let isFiltered: Bool
  /// Bytes of one chunk before the filters.
  let chunkBytes: Int
  let source: HDF5Source

  /// All chunks that are stored, in the index's order.
  func all(_ budget: inout HDF5Budget) throws(PackError) -> [HDF5Chunk] {
    guard let address = chunks.address else { return [] }
    switch chunks.index {
    case .tree: return try tree(address, &budget)
    case .single(let size, let mask, let isFiltered):
      let size = isFiltered ? size : chunkBytes
      return [try chunk(chunks.dimensions.map { _ in 0 }, address, size, mask)]
    case .implicit: return try implicit(address)
    case .fixedArray: return try fixedArray(address, &budget)
    }
  }

  private func chunk(
    _ position: [Int], _ address: Int, _ size: Int, _ mask: Int
  ) throws(PackError) -> HDF5Chunk {
    HDF5Chunk(
      position: position, stored: try source.cursor(at: address, count: size, "chunk").span,
      mask: mask)
  }

  private func tree(
    _ address: Int, _ budget: inout HDF5Budget
  ) throws(PackError) -> [HDF5Chunk] {
    let rank = chunks.dimensions.count
    let tree = HDF5Tree(type: 1, keySize: 8 + 8 * (rank + 1), source)
    var found: [HDF5Chunk] = []
    for leaf in try tree.leaves(address, &budget) {
      var key = try source.cursor(leaf.key, "chunk key")
      let size = try key.integer(4)
      let mask = try key.integer(4)
      var position: [Int] = []
      for axis in 0..<rank {
        let offset = try key.integer(8)
        let extent = chunks.dimensions[axis]
        guard offset % extent == 0, offset < space.dimensions[axis] else {
          throw HDF5.malformed("a chunk lies outside its dataset", leaf.key)
        }
        position.append(offset / extent)
      }
      guard isFiltered || size == chunkBytes else {
        throw HDF5.malformed("a chunk of \(chunkBytes) bytes takes \(size)", leaf.key)
      }
      guard found.last.map({ $0.position.lexicographicallyPrecedes(position) }) ?? true else {
        throw HDF5.malformed("the chunks are out of order or stand twice", leaf.key)
      }
      found.append(try chunk(position, leaf.child, size, mask))
    }
    return found
  }

  /// The grid of chunks that covers `extents`; `nil` where one of them has no bound.
  private func cells(_ extents: [Int?]) throws(PackError) -> [Int]? {
    var grid: [Int] = []
    for (extent, chunk) in zip(extents, chunks.dimensions) {
      guard let extent else { return nil }
      grid.append(extent / chunk + (extent % chunk == 0 ? 0 : 1))
    }
    return grid
  }

  /// Visits the chunks of the dataset, each with its place in the grid and its number in the grid
  /// of the largest extents, by which arrays are indexed.
  private func forEachCell(
    _ body: ([Int], Int) throws(PackError) -> Void
  ) throws(PackError) {
    guard let grid = try cells(space.dimensions.map { $0 }), let largest = try cells(space.largest),
      let count = grid.checkedProduct(), largest.checkedProduct() != nil
    else { throw HDF5.unsupported("an array of chunks without a largest size", 0..<0) }
    var position = grid.map { _ in 0 }
    for _ in 0..<count {
      try body(position, zip(position, largest).reduce(0) { $0 * $1.1 + $1.0 })
      for axis in position.indices.reversed() {
        position[axis] += 1
        if position[axis] < grid[axis] { break }
        position[axis] = 0
      }
    }
  }

  private func implicit(_ address: Int) throws(PackError) -> [HDF5Chunk] {
    var found: [HDF5Chunk] = []
    try forEachCell { (position, number) throws(PackError) in
      guard let start = number.times(chunkBytes)?.adding(address) else {
        throw HDF5.malformed("a chunk leaves the file", address..<address)
      }
      found.append(try chunk(position, start, chunkBytes, 0))
    }
    return found
  }

  private func fixedArray(
    _ address: Int, _ budget: inout HDF5Budget
  ) throws(PackError) -> [HDF5Chunk] {
    let array = try HDF5FixedArray(
      address, source, isFiltered: isFiltered, chunkBytes: chunkBytes, &budget)
    var found: [HDF5Chunk] = []
    try forEachCell { (position, number) throws(PackError) in
      guard let element = try array.element(number) else { return }
      found.append(try chunk(position, element.address, element.size, element.mask))
    }
    return found
  }
}
