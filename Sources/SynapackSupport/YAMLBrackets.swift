/// The brackets of a YAML text that are open, line by line: at least as many as a parser sees.
///
/// Brackets in quotes, comments and unquoted texts count for nothing, so a file may say anything;
/// and what would need more of YAML's rules than stand here is refused: tags, quoted texts of
/// several lines, values behind flow collections, tabs before a line.
///
/// Source: YAML 1.1, chapters 4 to 9, as libyaml reads them.
struct YAMLBrackets {
  /// Brackets within brackets.
  private static let deepest = 16
  /// Spaces and indicators before a line, each of them a level or two at most.
  private static let widest = 64
  private var open = 0
  /// The last byte inside of brackets that is neither space nor comment.
  private var solid = UInt8(ascii: "[")
  /// The column of the innermost collection that the last line speaks of; -1 before the first.
  private var column = -1
  /// Whether the last value is an unquoted text, which goes on in lines that stand deeper.
  private var isText = false

  /// - Returns: whether what this line does is known and not too deep.
  mutating func read(_ line: ArraySlice<UInt8>) -> Bool {
    let content = line.drop { $0 == UInt8(ascii: " ") }
    guard let first = content.first else { return true }
    guard first != UInt8(ascii: "\t") else { return false }
    if open > 0 { return readFlow(content) }
    let spaces = content.startIndex - line.startIndex
    if isText, spaces > column { return true }
    isText = false
    if spaces == 0, content.starts(with: [0x2D, 0x2D, 0x2D]) {
      return content.dropFirst(3).allSatisfy { $0 == UInt8(ascii: " ") }
    }
    return readBlock(content, start: line.startIndex)
  }

  /// What stands outside of brackets: indicators, a key or not, a value.
  private mutating func readBlock(_ content: ArraySlice<UInt8>, start: Int) -> Bool {
    var rest = content
    while let behind = YAMLBrackets.behindIndicator(rest) {
      column = rest.startIndex - start
      rest = behind
    }
    guard rest.startIndex - start <= YAMLBrackets.widest else { return false }
    guard let first = rest.first else { return true }
    if YAMLBrackets.isQuote(first) {
      // Either the value or a key before it.
      guard let behind = YAMLBrackets.behindQuotes(rest) else { return false }
      guard behind.first == UInt8(ascii: ":") else { return YAMLBrackets.isOver(behind) }
      guard behind.dropFirst().first.map(YAMLBrackets.isSpace) ?? true else { return false }
      column = rest.startIndex - start
      return readValue(behind.dropFirst().drop(while: YAMLBrackets.isSpace))
    }
    guard first != UInt8(ascii: "["), first != UInt8(ascii: "{"),
      let colon = YAMLBrackets.keyEnd(rest)
    else { return readValue(rest) }
    column = rest.startIndex - start
    return !YAMLBrackets.isReserved(first)
      && readValue(rest[(colon + 1)...].drop(while: YAMLBrackets.isSpace))
  }

  private mutating func readValue(_ rest: ArraySlice<UInt8>) -> Bool {
    switch rest.first {
    case nil, UInt8(ascii: "#"): return true
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      solid = UInt8(ascii: "[")
      return readFlow(rest)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return YAMLBrackets.behindQuotes(rest).map(YAMLBrackets.isOver) ?? false
    case let first?:
      isText = true
      return !YAMLBrackets.isReserved(first)
    }
  }

  /// What stands inside of brackets, up to the line's end.
  private mutating func readFlow(_ content: ArraySlice<UInt8>) -> Bool {
    var rest = content
    var before = UInt8(ascii: " ")
    while let byte = rest.first {
      if byte == UInt8(ascii: "#"), !YAMLBrackets.isWord(before) {
        return YAMLBrackets.isSpace(before)
      }
      if [0x21, 0x26, 0x2A].contains(byte), !YAMLBrackets.isWord(before) { return false }
      if YAMLBrackets.isQuote(byte) {
        switch beginsQuotes(before) {
        case true?:
          guard let behind = YAMLBrackets.behindQuotes(rest) else { return false }
          rest = behind
          (before, solid) = (byte, byte)
          continue
        case false?: break
        case nil: return false
        }
      }
      rest = rest.dropFirst()
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        open += 1
        guard open <= YAMLBrackets.deepest else { return false }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        open -= 1
        if open == 0 { return YAMLBrackets.isOver(rest) }
      default: break
      }
      before = byte
      if !YAMLBrackets.isSpace(byte) { solid = byte }
    }
    return true
  }

  /// Whether a quote inside of brackets begins a quoted text; `nil` where this cannot tell.
  private func beginsQuotes(_ before: UInt8) -> Bool? {
    switch solid {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): true
    // Behind a space it begins a value; else the colon may be part of a text.
    case UInt8(ascii: ":"): YAMLBrackets.isSpace(before) ? true : nil
    default: YAMLBrackets.isWord(solid) ? false : nil
    }
  }

  // MARK: - Pieces of a line

  /// The line behind a `-`, `?` or `:` that stands before its content.
  private static func behindIndicator(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = rest.first, [0x2D, 0x3F, 0x3A].contains(first) else { return nil }
    let behind = rest.dropFirst()
    guard behind.first.map(isSpace) ?? true else { return nil }
    return behind.drop(while: isSpace)
  }

  /// The colon that ends the key, before any comment.
  private static func keyEnd(_ rest: ArraySlice<UInt8>) -> Int? {
    var before = UInt8(ascii: " ")
    for index in rest.indices {
      if rest[index] == UInt8(ascii: "#"), isSpace(before) { return nil }
      if rest[index] == UInt8(ascii: ":"), rest[(index + 1)...].first.map(isSpace) ?? true {
        return index
      }
      before = rest[index]
    }
    return nil
  }

  /// What follows a quoted text that ends in this line.
  private static func behindQuotes(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let quote = rest.first else { return nil }
    var index = rest.startIndex + 1
    while index < rest.endIndex {
      if rest[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        index += 2
      } else if rest[index] == quote {
        guard quote == UInt8(ascii: "'"), rest[(index + 1)...].first == quote else {
          return rest[(index + 1)...]
        }
        index += 2
      } else {
        index += 1
      }
    }
    return nil
  }

  /// Whether nothing follows but a comment.
  private static func isOver(_ rest: ArraySlice<UInt8>) -> Bool {
    let content = rest.drop(while: isSpace)
    guard let first = content.first else { return true }
    return first == UInt8(ascii: "#") && content.startIndex > rest.startIndex
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  /// Whether a text without quotes goes on behind this byte.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...0xFF:
      true
    default: false
    }
  }

  /// What begins neither a text nor anything that files for people need.
  private static func isReserved(_ byte: UInt8) -> Bool {
    [0x21, 0x26, 0x2A, 0x25, 0x40, 0x60].contains(byte)
  }
}
