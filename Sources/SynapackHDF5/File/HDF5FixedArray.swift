internal import SynapackSupport

/// An array of chunk addresses whose length is fixed when the dataset is made.
///
/// Source: HDF5 File Format Specification 3.0, VII.C.
struct HDF5FixedArray {
  private let source: HDF5Source
  private let isFiltered: Bool
  private let chunkBytes: Int
  private let elementSize: Int
  private let count: Int
  /// Where each page of elements begins; `nil` for one that was never written.
  private var pages: [Int?] = []
  private let pageCount: Int

  struct Element {
    let address: Int
    let size: Int
    let mask: Int
  }

  init(
    _ address: Int, _ source: HDF5Source, isFiltered: Bool, chunkBytes: Int,
    _ budget: inout HDF5Budget
  ) throws(PackError) {
    self.source = source
    self.isFiltered = isFiltered
    self.chunkBytes = chunkBytes
    let size = 8 + source.lengthSize + source.offsetSize
    var head = try source.cursor(at: address, count: size, "fixed array")
    try head.signature("FAHD")
    _ = try head.version(0...0)
    let client = try head.byte()
    elementSize = Int(try head.byte())
    let pageBits = try head.byte()
    count = try head.length()
    let block = try head.definedAddress()
    try HDF5Checksum.check(address..<address + size, in: source, "fixed array")
    // A filtered element has a size and a mask of four bytes behind its address.
    let sizeBytes = elementSize - source.offsetSize - (isFiltered ? 4 : 0)
    guard client == (isFiltered ? 1 : 0), isFiltered ? (1...8).contains(sizeBytes) : sizeBytes == 0,
      (1...32).contains(pageBits), let bytes = count.times(elementSize), bytes <= source.file.count
    else {
      throw HDF5.malformed("the head of a fixed array contradicts itself", address..<address + size)
    }
    try budget.spend(structure: bytes)
    pageCount = min(count, 1 << Int(pageBits))
    try readBlock(block, client, address, isPaged: count > 1 << Int(pageBits))
  }

  private mutating func readBlock(
    _ block: Int, _ client: UInt8, _ header: Int, isPaged: Bool
  ) throws(PackError) {
    var cursor = try source.cursor(
      at: block, count: source.file.count - block, "fixed array block")
    try cursor.signature("FADB")
    _ = try cursor.version(0...0)
    let found = try cursor.byte()
    guard found == client, try cursor.definedAddress() == header else {
      throw HDF5.malformed("a fixed array block is another's", block..<cursor.position)
    }
    guard isPaged else {
      pages = [cursor.position]
      try cursor.skip(count * elementSize)
      return try HDF5Checksum.check(block..<cursor.position, in: source, "fixed array block")
    }
    let number = (count - 1) / pageCount + 1
    let written = try cursor.bytes((number - 1) / 8 + 1)
    try HDF5Checksum.check(block..<cursor.position, in: source, "fixed array block")
    try cursor.skip(4)
    for page in 0..<number {
      let bytes = min(pageCount, count - page * pageCount) * elementSize
      let place = try cursor.range(bytes)
      try cursor.skip(4)
      let isWritten = written[page / 8] & (0x80 >> UInt8(page % 8)) != 0
      if isWritten { try HDF5Checksum.check(place, in: source, "fixed array page") }
      pages.append(isWritten ? place.lowerBound : nil)
    }
  }

  /// The chunk of that number; `nil` where it was never written.
  func element(_ number: Int) throws(PackError) -> Element? {
    guard (0..<count).contains(number), pages.indices.contains(number / pageCount) else {
      throw HDF5.malformed("a fixed array has only \(count) chunks", 0..<0)
    }
    guard let page = pages[number / pageCount] else { return nil }
    var cursor = try source.cursor(
      at: page + number % pageCount * elementSize, count: elementSize, "fixed array")
    guard let address = try cursor.address() else { return nil }
    guard isFiltered else { return Element(address: address, size: chunkBytes, mask: 0) }
    let size = try cursor.integer(elementSize - source.offsetSize - 4)
    return Element(address: address, size: size, mask: try cursor.integer(4))
  }
}
