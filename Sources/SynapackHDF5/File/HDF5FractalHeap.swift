internal import SynapackSupport

/// A heap of small objects in blocks that double in size, which large groups keep links in.
///
/// Source: HDF5 File Format Specification 3.0, III.G.
struct HDF5FractalHeap {
  private let source: HDF5Source
  private let offsetBytes: Int
  private let lengthBytes: Int
  private let width: Int
  private let startSize: Int
  private let largestDirect: Int
  private let root: Int
  /// Rows of the root block; 0 where it holds objects itself.
  private let rootRows: Int
  private let address: Int

  init(
    at address: Int, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) {
    self.source = source
    self.address = address
    let size = 22 + 12 * source.lengthSize + 3 * source.offsetSize
    var head = try source.cursor(at: address, count: size, "fractal heap")
    try head.signature("FRHP")
    _ = try head.version(0...0)
    try head.skip(2)
    guard try head.integer(2) == 0 else {
      throw HDF5.unsupported("a filtered heap", address..<head.position)
    }
    try head.skip(1)
    let largestObject = try head.integer(4)
    try head.skip(10 * source.lengthSize + 2 * source.offsetSize)
    width = try head.integer(2)
    startSize = try head.length()
    largestDirect = try head.length()
    let bits = try head.integer(2)
    try head.skip(2)
    root = try head.definedAddress()
    rootRows = try head.integer(2)
    try HDF5Checksum.check(address..<address + size, in: source, "fractal heap")
    try budget.spend(structure: size)
    guard (1...1024).contains(width), startSize > 0, startSize & (startSize - 1) == 0,
      largestDirect >= startSize, largestDirect & (largestDirect - 1) == 0,
      largestDirect < 1 << 32, (8...62).contains(bits), rootRows <= 62, largestObject > 0
    else {
      throw HDF5.malformed("the head of a heap contradicts itself", address..<address + size)
    }
    offsetBytes = (bits + 7) / 8
    lengthBytes = min(
      (largestDirect.trailingZeroBitCount + 7) / 8,
      (Int.bitWidth - largestObject.leadingZeroBitCount - 1) / 8 + 1)
  }

  /// Where the object lies that a heap identifier names.
  func object(
    _ identifier: Range<Int>, _ budget: inout HDF5Budget
  ) throws(PackError) -> Range<Int> {
    var cursor = try source.cursor(identifier, "heap identifier")
    guard try cursor.byte() & 0xF0 == 0 else {
      throw HDF5.unsupported("a huge or tiny object in a heap", identifier)
    }
    let offset = try cursor.integer(offsetBytes)
    let length = try cursor.integer(lengthBytes)
    try budget.spend(structure: length)
    let block = try block(of: offset, &budget)
    guard let end = (offset - block.offset).adding(length), end <= block.size else {
      throw HDF5.malformed("an object leaves its heap block", identifier)
    }
    let start = block.address + offset - block.offset
    return try source.cursor(at: start, count: length, "heap object").span
  }

  private struct Block {
    var address: Int
    /// The place of its first byte in the heap.
    var offset: Int
    var size: Int
  }

  /// The block that holds the byte `offset` of the heap.
  private func block(of offset: Int, _ budget: inout HDF5Budget) throws(PackError) -> Block {
    var current = Block(address: root, offset: 0, size: startSize)
    var rows = rootRows
    while rows > 0 {
      let cell = try cell(offset - current.offset, rows, current)
      let address = try child(cell.index, rows, current, &budget)
      current = Block(address: address, offset: current.offset + cell.start, size: cell.size)
      guard cell.size > largestDirect else { break }
      let smallest = (width * startSize).trailingZeroBitCount
      let nextRows = cell.size.trailingZeroBitCount - smallest + 1
      guard nextRows > 0, nextRows < rows else {
        throw HDF5.malformed("a heap block is too small", address..<address)
      }
      rows = nextRows
    }
    try checkDirect(current)
    return current
  }

  /// The cell of an indirect block that covers `offset`: its number, start and size.
  private func cell(
    _ offset: Int, _ rows: Int, _ block: Block
  ) throws(PackError) -> (index: Int, start: Int, size: Int) {
    var start = 0
    var size = startSize
    for row in 0..<rows {
      // The first two rows have blocks of the same size; each later row has doubled ones.
      if row > 1 { size = size.times(2) ?? 0 }
      guard size > 0, let rowSize = size.times(width), let end = start.adding(rowSize) else {
        break
      }
      if offset < end {
        let column = (offset - start) / size
        return (row * width + column, start + column * size, size)
      }
      start = end
    }
    throw HDF5.malformed("a place lies outside of its heap", block.address..<block.address)
  }

  private func child(
    _ index: Int, _ rows: Int, _ block: Block, _ budget: inout HDF5Budget
  ) throws(PackError) -> Int {
    let headSize = 5 + source.offsetSize + offsetBytes
    let size = headSize + rows * width * source.offsetSize
    try budget.spend(structure: source.offsetSize)
    var head = try source.cursor(at: block.address, count: size, "heap block")
    try head.signature("FHIB")
    _ = try head.version(0...0)
    guard try head.definedAddress() == address else {
      throw HDF5.malformed("a heap block is another heap's", block.address..<head.position)
    }
    try head.skip(offsetBytes + index * source.offsetSize)
    return try head.definedAddress()
  }

  private func checkDirect(_ block: Block) throws(PackError) {
    var head = try source.cursor(at: block.address, count: block.size, "heap block")
    try head.signature("FHDB")
    _ = try head.version(0...0)
    guard try head.definedAddress() == address, try head.integer(offsetBytes) == block.offset else {
      throw HDF5.malformed("a heap block is another heap's", block.address..<head.position)
    }
  }
}
