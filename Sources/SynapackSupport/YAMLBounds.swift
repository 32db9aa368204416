/// What a short YAML file that people write may be; tested before any parser sees it.
public enum YAMLBounds {
  /// The most bytes of a file, and of a line.
  private static let (largest, longest) = (1 << 18, 2048)
  /// YAML 1.1 ends lines at the first three, and the last may stand before a file's first byte.
  private static let strange: [Unicode.Scalar] = ["\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}"]

  /// What a text must not have, and on which line, from 1.
  public struct Breach: Sendable, Hashable {
    public let line: Int
    /// Without the line's number.
    public let message: String
  }

  /// Whether the text is small, flat and without anchors and tags.
  public static func hold(_ text: String) -> Bool { breach(in: text) == nil }

  /// The first place where the text is not small, flat and without anchors and tags.
  ///
  /// The YAML parser descends by recursion and knows no limit, and an anchor behind an anchor
  /// doubles what has to be compared.
  public static func breach(in text: String) -> Breach? {
    let bytes = Array(text.utf8)
    guard bytes.count <= largest else {
      return Breach(line: 1, message: "the text has \(bytes.count) bytes; \(largest) are allowed")
    }
    var brackets = YAMLBrackets()
    var number = 1
    // In bytes, as a carriage return before a line feed is one Character with it.
    for line in bytes.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd) {
      if let message = fault(of: line, &brackets) { return Breach(line: number, message: message) }
      // A carriage return with its line feed ends one line, which is counted at the line feed.
      let end = bytes[line.endIndex...].prefix(2)
      if !end.elementsEqual([13, 10]) { number += 1 }
    }
    return nil
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

  private static func fault(of line: ArraySlice<UInt8>, _ brackets: inout YAMLBrackets) -> String? {
    guard line.count <= longest else {
      return "the line has \(line.count) bytes; \(longest) are allowed"
    }
    let text = String(decoding: line, as: UTF8.self)
    if let scalar = text.unicodeScalars.first(where: strange.contains) {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+\(digits) stands in the line, which YAML may take for its end or none"
    }
    guard !brackets.read(line) else { return nil }
    let shown = text.drop { $0 == " " }.prefix(64)
    return "`\(shown)` is nested too deep or uses what is not read: anchors, tags, tabs before "
      + "text, quoted texts of several lines"
  }
}

/// The known name that takes the fewest letters to insert, drop or change; of equals the first in
/// the alphabet.
public func nearestName(to name: String, among known: [String]) -> String? {
  known.min { (distance($0, name), $0) < (distance($1, name), $1) }
}

private func distance(_ left: String, _ right: String) -> Int {
  let right = Array(right.prefix(64))
  var row = Array(0...right.count)
  for (index, letter) in left.prefix(64).enumerated() {
    var corner = index
    row[0] = index + 1
    for column in right.indices {
      let change = corner + (letter == right[column] ? 0 : 1)
      corner = row[column + 1]
      row[column + 1] = min(change, row[column] + 1, corner + 1)
    }
  }
  return row[right.count]
}
