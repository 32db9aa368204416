internal import SynapackSupport
internal import SynapackTensor

/// The header of a .npy file: a dictionary with exactly three keys, written as Python writes it.
///
/// Only that form is read: no expressions, no nesting but the one tuple, no escapes.
struct NumPyHeader {
  let type: ElementType
  let isBigEndian: Bool
  let isColumnMajor: Bool
  let shape: [Int]

  /// - Parameter start: where the text stands in its file.
  init(_ bytes: [UInt8], at start: Int) throws(PackError) {
    var parser = HeaderParser(bytes, at: start)
    try parser.parse()
    guard let description = parser.description, let isColumnMajor = parser.isColumnMajor,
      let shape = parser.shape
    else {
      throw NumPyArrayFile.malformed(
        "the header lacks descr, fortran_order or shape", at: start..<start + bytes.count)
    }
    (type, isBigEndian) = try NumPyHeader.elementType(
      description, at: start..<start + bytes.count)
    self.isColumnMajor = isColumnMajor
    self.shape = shape
  }

  private static func elementType(
    _ description: String, at place: Range<Int>
  ) throws(PackError) -> (ElementType, isBigEndian: Bool) {
    let types: [String: ElementType] = [
      "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8,
      "u2": .uint16, "u4": .uint32, "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    let order = description.first
    guard let type = types[String(description.dropFirst())],
      order == "<" || order == ">" || (order == "|" && type.byteCount == 1)
    else {
      throw PackError(
        .unsupportedArrayType, "the elements are of the type `\(description)`",
        at: .bytes(place), hint: "store the array as integers or floating-point numbers")
    }
    return (type, order == ">" && type.byteCount > 1)
  }
}

/// Reads the header's text from left to right; nothing calls itself.
private struct HeaderParser {
  private let bytes: [UInt8]
  /// Where the text stands in its file.
  private let start: Int
  private var position = 0
  var description: String?
  var isColumnMajor: Bool?
  var shape: [Int]?

  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    self.start = start
  }

  mutating func parse() throws(PackError) {
    try expect("{")
    while !take("}") {
      try entry()
      guard !take(",") else { continue }
      try expect("}")
      break
    }
    skipBlanks()
    guard position == bytes.count else { throw malformed("something follows the dictionary") }
  }

  private mutating func entry() throws(PackError) {
    let key = try quoted()
    try expect(":")
    switch key {
    case "descr" where description == nil:
      guard peek() == UInt8(ascii: "'") || peek() == UInt8(ascii: "\"") else {
        throw PackError(
          .unsupportedArrayType, "the elements are structures",
          at: .bytes(start + position..<start + min(position + 1, bytes.count)),
          hint: "store the array as integers or floating-point numbers")
      }
      description = try quoted()
    case "fortran_order" where isColumnMajor == nil: isColumnMajor = try boolean()
    case "shape" where shape == nil: shape = try tuple()
    default: throw malformed("the key `\(key)` is unknown or stands twice")
    }
  }

  private mutating func quoted() throws(PackError) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw malformed("a quoted text was expected")
    }
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote {
      // Printable ASCII without the backslash, so that no escape has to be understood.
      guard (0x20..<0x7F).contains(bytes[position]), bytes[position] != UInt8(ascii: "\\") else {
        throw malformed("a quoted text holds an escape or control character")
      }
      position += 1
    }
    guard position < bytes.count else { throw malformed("a quoted text does not end") }
    defer { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func boolean() throws(PackError) -> Bool {
    skipBlanks()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw malformed("fortran_order is neither True nor False")
  }

  private mutating func tuple() throws(PackError) -> [Int] {
    try expect("(")
    var extents: [Int] = []
    while !take(")") {
      guard extents.count < 32 else { throw malformed("the shape has more than 32 dimensions") }
      extents.append(try number())
      guard !take(",") else { continue }
      // A tuple of one element is told from a bracketed number by its comma.
      guard extents.count > 1 else { throw malformed("the shape is no tuple") }
      try expect(")")
      break
    }
    return extents
  }

  private mutating func number() throws(PackError) -> Int {
    skipBlanks()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      guard let next = value.times(10)?.adding(Int(bytes[position] - 0x30)) else {
        throw malformed("an extent of the shape is out of range")
      }
      value = next
      position += 1
    }
    guard position > start else { throw malformed("an extent of the shape is no number") }
    return value
  }

  // MARK: - Bytes

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A {
      position += 1
    }
  }

  private mutating func peek() -> UInt8? {
    skipBlanks()
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(PackError) {
    guard take(character) else { throw malformed("`\(character)` was expected") }
  }

  private func malformed(_ message: String) -> PackError {
    NumPyArrayFile.malformed(
      "the header is malformed: \(message)",
      at: start + position..<start + min(position + 1, bytes.count))
  }
}
