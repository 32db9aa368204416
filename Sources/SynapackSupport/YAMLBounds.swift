/// What a short YAML file that people write may be; tested before any parser sees it.
public enum YAMLBounds {
  /// Whether the text is small, flat and without anchors and tags.
  ///
  /// The YAML parser descends by recursion and knows no limit, and an anchor behind an anchor
  /// doubles what has to be compared.
  public static func hold(_ text: String) -> Bool {
    guard text.utf8.count <= 1 << 18 else { return false }
    // YAML 1.1 ends lines at the first three, and the last may stand before a file's first byte.
    let strange: [Unicode.Scalar] = ["\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}"]
    guard !text.unicodeScalars.contains(where: strange.contains) else { return false }
    var brackets = YAMLBrackets()
    // In bytes, as a carriage return before a line feed is one Character with it.
    let lines = Array(text.utf8).split(omittingEmptySubsequences: false) { $0 == 10 || $0 == 13 }
    return lines.allSatisfy { $0.count <= 2048 && brackets.read($0) }
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
