internal import SynapackSupport

/// The texts of variable length, in collections that many elements share.
///
/// Source: HDF5 File Format Specification 3.0, III.E.
struct HDF5GlobalHeap: Sendable {
  /// The objects of each collection that was read, by its address and their index.
  private var collections: [Int: [Int: Range<Int>]] = [:]

  /// The bytes that an element refers to.
  ///
  /// - Parameter reference: a length, an address and an index.
  mutating func bytes(
    _ reference: [UInt8], at place: Range<Int>, _ source: HDF5Source,
    _ budget: inout HDF5Budget
  ) throws(PackError) -> [UInt8] {
    func number(_ range: Range<Int>) -> UInt64 {
      reference[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let offsetSize = source.offsetSize
    guard reference.count == 8 + offsetSize else {
      throw HDF5.malformed("a reference to a text has a wrong size", place)
    }
    let length = Int(number(0..<4))
    guard length > 0 else { return [] }
    let address = Int(exactly: number(4..<4 + offsetSize))?.adding(source.base)
    let index = Int(number(4 + offsetSize..<8 + offsetSize))
    guard let address, address < source.file.count else {
      throw HDF5.malformed("a text lies outside the file", place)
    }
    if collections[address] == nil {
      collections[address] = try HDF5GlobalHeap.collection(address, source, &budget)
    }
    guard let range = collections[address]?[index], length <= range.count else {
      throw HDF5.malformed("a text lies outside its heap", place)
    }
    try budget.spend(values: length)
    return source.bytes(range.prefix(length))
  }

  private static func collection(
    _ address: Int, _ source: HDF5Source, _ budget: inout HDF5Budget
  ) throws(PackError) -> [Int: Range<Int>] {
    let headSize = 8 + source.lengthSize
    var head = try source.cursor(at: address, count: headSize, "global heap")
    try head.signature("GCOL")
    _ = try head.version(1...1)
    try head.skip(3)
    let size = try head.length()
    try budget.spend(structure: size)
    var cursor = try source.cursor(at: address, count: size, "global heap")
    try cursor.skip(headSize)
    var objects: [Int: Range<Int>] = [:]
    while cursor.remaining >= headSize {
      let start = cursor.position
      let index = try cursor.integer(2)
      // Index 0 is the free space at the end.
      guard index != 0 else { break }
      try cursor.skip(6)
      let count = try cursor.length()
      let body = try cursor.range(count)
      guard objects.updateValue(body, forKey: index) == nil else {
        throw HDF5.malformed("an object of the global heap stands twice", start..<body.upperBound)
      }
      try cursor.skip(min((8 - count % 8) % 8, cursor.remaining))
    }
    return objects
  }
}
