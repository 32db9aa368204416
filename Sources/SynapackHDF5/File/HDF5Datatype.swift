internal import SynapackSupport
internal import SynapackTensor

/// The type of one element of a dataset or attribute.
///
/// Source: HDF5 File Format Specification 3.0, IV.A.2.d.
struct HDF5Datatype: Sendable, Hashable {
  let kind: Kind
  /// Bytes of one element as stored.
  let byteCount: Int

  enum Kind: Sendable, Hashable {
    case number(ElementType, isBigEndian: Bool)
    /// Text in place, ended or filled up as `padding` says.
    case fixedText(Padding)
    /// Text in the global heap; the element is its length, address and index.
    case text
    /// A small array in place of each element.
    indirect case array([Int], HDF5Datatype)
  }

  enum Padding: UInt8, Sendable {
    case zeroEnded = 0
    case zeros = 1
    case spaces = 2
  }

  init(_ cursor: inout HDF5Cursor) throws(PackError) {
    // An array of an array of … is bounded; nothing real goes beyond two.
    try self.init(&cursor, depth: 4)
  }

  private init(_ cursor: inout HDF5Cursor, depth: Int) throws(PackError) {
    let start = cursor.position
    let head = try cursor.byte()
    let (type, version) = (head & 15, head >> 4)
    guard (1...4).contains(version) else {
      throw HDF5.unsupported("version \(version) of the datatype", start..<cursor.position)
    }
    let bits = try cursor.bytes(3)
    byteCount = try cursor.integer(4)
    guard byteCount > 0 else {
      throw HDF5.malformed("a datatype has no bytes", start..<cursor.position)
    }
    switch type {
    case 0: kind = try HDF5Datatype.fixedPoint(&cursor, bits, byteCount)
    case 1: kind = try HDF5Datatype.floatingPoint(&cursor, bits, byteCount)
    case 3:
      guard let padding = Padding(rawValue: bits[0] & 15) else {
        throw HDF5.malformed("a text is filled up in an unknown way", start..<cursor.position)
      }
      kind = .fixedText(padding)
    case 8:
      kind = try HDF5Datatype.boolean(&cursor, bits, version, byteCount)
    case 9:
      guard bits[0] & 15 == 1 else {
        throw HDF5.unsupported("sequences of variable length", start..<cursor.position)
      }
      guard byteCount == 8 + cursor.source.offsetSize else {
        throw HDF5.malformed("a reference to a text has a wrong size", start..<cursor.position)
      }
      // What the text is made of: bytes or characters, which change nothing.
      try cursor.skip(cursor.remaining)
      kind = .text
    case 10 where depth > 0:
      kind = try HDF5Datatype.array(&cursor, version, byteCount, depth: depth)
    default:
      throw HDF5.unsupported(
        "elements of the class \(HDF5Datatype.name(type))", start..<cursor.position)
    }
  }

  private static func name(_ type: UInt8) -> String {
    let names = [
      2: "time", 4: "bit field", 5: "opaque", 6: "compound", 7: "reference",
      10: "deeply nested array", 11: "complex",
    ]
    return names[Int(type)] ?? "number \(type)"
  }

  private static func fixedPoint(
    _ cursor: inout HDF5Cursor, _ bits: [UInt8], _ size: Int
  ) throws(PackError) -> Kind {
    let start = cursor.position
    let offset = try cursor.integer(2)
    let precision = try cursor.integer(2)
    let types: [Int: (signed: ElementType, unsigned: ElementType)] = [
      1: (.int8, .uint8), 2: (.int16, .uint16), 4: (.int32, .uint32), 8: (.int64, .uint64),
    ]
    guard let pair = types[size], offset == 0, precision == 8 * size else {
      throw HDF5.unsupported(
        "integers of \(precision) bits in \(size) bytes", start..<cursor.position)
    }
    return .number(
      bits[0] & 8 != 0 ? pair.signed : pair.unsigned, isBigEndian: bits[0] & 1 != 0 && size > 1)
  }

  private static func floatingPoint(
    _ cursor: inout HDF5Cursor, _ bits: [UInt8], _ size: Int
  ) throws(PackError) -> Kind {
    let start = cursor.position
    // Bit offset, precision, place and size of the exponent and of the fraction, bias.
    var form = [try cursor.integer(2), try cursor.integer(2)]
    for _ in 0..<4 { form.append(Int(try cursor.byte())) }
    form.append(try cursor.integer(4))
    let types: [[Int]: ElementType] = [
      [0, 16, 10, 5, 0, 10, 15]: .float16, [0, 16, 7, 8, 0, 7, 127]: .bfloat16,
      [0, 32, 23, 8, 0, 23, 127]: .float32, [0, 64, 52, 11, 0, 52, 1023]: .float64,
    ]
    // Bit 6 set would be the mixed byte order of the VAX; bits 4 and 5 say that the leading one
    // is implied; the sign is the highest bit.
    guard let type = types[form], size == type.byteCount, bits[0] & 0x70 == 0x20,
      Int(bits[1]) == 8 * size - 1
    else {
      throw HDF5.unsupported(
        "floating-point numbers that are not IEEE 754", start..<cursor.position)
    }
    return .number(type, isBigEndian: bits[0] & 1 != 0)
  }

  /// The enumeration that h5py writes for truth values: FALSE is 0 and TRUE is 1, one byte each.
  private static func boolean(
    _ cursor: inout HDF5Cursor, _ bits: [UInt8], _ version: UInt8, _ size: Int
  ) throws(PackError) -> Kind {
    let start = cursor.position
    let base = try HDF5Datatype(&cursor, depth: 0)
    var names: [String] = []
    for _ in 0..<2 where bits[0] == 2 && bits[1] == 0 {
      names.append(try name(&cursor, isPadded: version < 3))
    }
    let values = names.isEmpty ? [] : try cursor.bytes(2)
    guard base.byteCount == 1, size == 1, case .number = base.kind,
      names == ["FALSE", "TRUE"] && values == [0, 1]
        || names == ["TRUE", "FALSE"] && values == [1, 0]
    else {
      throw HDF5.unsupported("an enumeration that is not a truth value", start..<cursor.position)
    }
    return .number(.bool, isBigEndian: false)
  }

  private static func name(
    _ cursor: inout HDF5Cursor, isPadded: Bool
  ) throws(PackError) -> String {
    let start = cursor.position
    var bytes: [UInt8] = []
    while case let byte = try cursor.byte(), byte != 0 { bytes.append(byte) }
    let length = cursor.position - start
    if isPadded { try cursor.skip((8 - length % 8) % 8) }
    return utf8Text(bytes) ?? ""
  }

  private static func array(
    _ cursor: inout HDF5Cursor, _ version: UInt8, _ size: Int, depth: Int
  ) throws(PackError) -> Kind {
    let start = cursor.position
    let rank = Int(try cursor.byte())
    if version < 3 { try cursor.skip(3) }
    var dimensions: [Int] = []
    for _ in 0..<rank { dimensions.append(try cursor.integer(4)) }
    // Permutations, which were never put to use.
    if version < 3 { try cursor.skip(4 * rank) }
    let base = try HDF5Datatype(&cursor, depth: depth - 1)
    guard let count = dimensions.checkedProduct(), count.times(base.byteCount) == size else {
      throw HDF5.malformed("an array type has a wrong size", start..<cursor.position)
    }
    return .array(dimensions, base)
  }

  /// The number that stands at the bottom, and the axes that arrays add; `nil` for text.
  var numbers: (type: ElementType, isBigEndian: Bool, dimensions: [Int])? {
    switch kind {
    case .number(let type, let isBigEndian): (type, isBigEndian, [])
    case .fixedText, .text: nil
    case .array(let outer, let base):
      base.numbers.map { ($0.type, $0.isBigEndian, outer + $0.dimensions) }
    }
  }
}
