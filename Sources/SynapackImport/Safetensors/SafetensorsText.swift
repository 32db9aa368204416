internal import SynapackSupport

/// Strict JSON (RFC 8259) read in place, only in the forms that a safetensors header has.
struct SafetensorsText {
  private(set) var position: Int
  private let end: Int

  /// The bytes that a name may have; those of real tensors have about a hundred.
  private static let longestText = 4096

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  func peek(_ span: RawSpan) -> UInt8? {
    position < end ? span.byte(at: position) : nil
  }

  /// Reads an object; `member` is called behind each colon and reads the value.
  mutating func object(
    _ span: RawSpan,
    _ member: (inout SafetensorsText, String, Range<Int>) throws(PackError) -> Void
  ) throws(PackError) {
    try expect(span, "{")
    guard !take(span, "}") else { return }
    repeat {
      skipBlanks(span)
      let start = position
      let key = try string(span)
      let place = start..<position
      try expect(span, ":")
      try member(&self, key, place)
    } while take(span, ",")
    try expect(span, "}")
  }

  /// Reads an array of numbers.
  mutating func integers(_ span: RawSpan, atMost limit: Int) throws(PackError) -> [Int] {
    try expect(span, "[")
    var values: [Int] = []
    guard !take(span, "]") else { return values }
    repeat {
      guard values.count < limit else { throw refusal("more than \(limit) numbers") }
      values.append(try integer(span))
    } while take(span, ",")
    try expect(span, "]")
    return values
  }

  /// Digits alone: no sign, fraction, exponent or leading zero.
  private mutating func integer(_ span: RawSpan) throws(PackError) -> Int {
    skipBlanks(span)
    let start = position
    var value = 0
    while let byte = peek(span), (0x30...0x39).contains(byte) {
      guard let next = value.times(10)?.adding(Int(byte - 0x30)) else {
        throw refusal("a number is out of range")
      }
      value = next
      position += 1
    }
    let count = position - start
    guard count > 0, count == 1 || span.byte(at: start) != 0x30 else {
      throw refusal("a whole number without sign and leading zeros was expected")
    }
    return value
  }

  /// Reads a text with its escapes undone.
  mutating func string(_ span: RawSpan) throws(PackError) -> String {
    try expect(span, "\"")
    var content: [UInt8] = []
    while true {
      guard let byte = peek(span), byte >= 0x20 else {
        throw refusal("a text holds a control character or does not end")
      }
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        content += Array(String(try escape(span)).utf8)
      } else {
        content.append(byte)
      }
      guard content.count <= SafetensorsText.longestText else {
        throw refusal("a text is longer than \(SafetensorsText.longestText) bytes")
      }
    }
    guard let text = utf8Text(content) else { throw refusal("a text is not UTF-8") }
    return text
  }

  private mutating func escape(_ span: RawSpan) throws(PackError) -> Unicode.Scalar {
    guard let byte = peek(span) else { throw refusal("an escape is cut off") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicode(span)
    default: throw refusal("an escape is unknown")
    }
  }

  /// Four digits, or eight in two escapes for a character that UTF-16 writes as a pair.
  private mutating func unicode(_ span: RawSpan) throws(PackError) -> Unicode.Scalar {
    let first = try hexadecimal(span)
    var code = first
    if (0xD800..<0xDC00).contains(first), take(span, "\\"), take(span, "u") {
      let second = try hexadecimal(span)
      guard (0xDC00..<0xE000).contains(second) else { throw refusal("half a surrogate pair") }
      code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw refusal("half a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal(_ span: RawSpan) throws(PackError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(span),
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { throw refusal("an escape lacks four digits") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  // MARK: - Bytes

  private mutating func skipBlanks(_ span: RawSpan) {
    while let byte = peek(span), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ span: RawSpan, _ character: Unicode.Scalar) -> Bool {
    skipBlanks(span)
    guard peek(span) == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ span: RawSpan, _ character: Unicode.Scalar) throws(PackError) {
    guard take(span, character) else { throw refusal("`\(character)` was expected") }
  }

  func refusal(_ message: String) -> PackError {
    safetensorsRefusal(
      "the header is malformed: \(message)", position..<Swift.min(position + 1, end))
  }
}
