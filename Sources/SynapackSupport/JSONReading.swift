extension JSON {
  /// Reads strict JSON (RFC 8259) of at most `depth` levels of arrays and objects.
  ///
  /// `nil` for anything else, and for what ``JSON`` itself would never write: two equal keys, a
  /// number that is not finite, an escaped surrogate.
  public init?(parsing text: String, depth: Int = 64) {
    var parser = JSONParser(Array(text.utf8))
    guard let value = parser.value(depth: depth), parser.isAtEnd else { return nil }
    self = value
  }

  /// The byte of `text` at which ``init(parsing:depth:)`` gives up; `nil` where it does not.
  ///
  /// The end of the text counts as a byte of its own, empty.
  public static func fault(in text: String, depth: Int = 64) -> Range<Int>? {
    var parser = JSONParser(Array(text.utf8))
    guard parser.value(depth: depth) == nil || !parser.isAtEnd else { return nil }
    return parser.place
  }

  /// The member of an object; `nil` where there is none.
  public func member(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The text of a string; `nil` for anything else.
  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}

/// A parser by descent whose depth is bounded by its caller.
private struct JSONParser {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The byte that comes next.
  var place: Range<Int> { index..<min(index + 1, bytes.count) }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return index == bytes.count
    }
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { index += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func word(_ word: StaticString, _ value: JSON) -> JSON? {
    for scalar in word.description.unicodeScalars {
      guard accept(scalar) else { return nil }
    }
    return value
  }

  mutating func value(depth: Int) -> JSON? {
    skipSpace()
    guard let first = next else { return nil }
    switch first {
    case UInt8(ascii: "{"): return depth > 0 ? object(depth: depth - 1) : nil
    case UInt8(ascii: "["): return depth > 0 ? array(depth: depth - 1) : nil
    case UInt8(ascii: "\""): return string().map(JSON.string)
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func array(depth: Int) -> JSON? {
    index += 1
    var values: [JSON] = []
    skipSpace()
    if accept("]") { return .array(values) }
    while let element = value(depth: depth) {
      values.append(element)
      skipSpace()
      if accept("]") { return .array(values) }
      guard accept(",") else { return nil }
    }
    return nil
  }

  private mutating func object(depth: Int) -> JSON? {
    index += 1
    var members: [String: JSON] = [:]
    skipSpace()
    if accept("}") { return .object(members) }
    while true {
      skipSpace()
      let start = index
      guard next == UInt8(ascii: "\""), let key = string() else { return nil }
      skipSpace()
      guard accept(":"), let member = value(depth: depth) else { return nil }
      guard members.updateValue(member, forKey: key) == nil else {
        index = start
        return nil
      }
      skipSpace()
      if accept("}") { return .object(members) }
      guard accept(",") else { return nil }
    }
  }

  private mutating func string() -> String? {
    index += 1
    var content: [UInt8] = []
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        content += Array(String(scalar).utf8)
      case 0..<0x20: return nil
      default: content.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard index + 4 <= bytes.count else { return nil }
      var code: UInt32 = 0
      for _ in 0..<4 {
        guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { return nil }
        code = code << 4 | UInt32(digit)
        index += 1
      }
      return Unicode.Scalar(code)
    default: return nil
    }
  }

  private mutating func number() -> JSON? {
    let start = index
    _ = accept("-")
    guard let lead = next, (0x30...0x39).contains(lead) else { return nil }
    if accept("0") {} else { digits() }
    var isWhole = true
    if accept(".") {
      isWhole = false
      guard digits() else { return nil }
    }
    if accept("e") || accept("E") {
      isWhole = false
      _ = accept("+") || accept("-")
      guard digits() else { return nil }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      index = start
      return nil
    }
    return .number(value)
  }

  @discardableResult
  private mutating func digits() -> Bool {
    let start = index
    while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
    return index > start
  }
}
