/// What a short YAML file that people write may be; tested before any parser sees it.
public enum YAMLBounds {
  /// Whether the text is small, flat and without anchors.
  ///
  /// The YAML parser descends by recursion and knows no limit, and an anchor behind an anchor
  /// doubles what has to be compared.
  public static func hold(_ text: String) -> Bool {
    guard text.utf8.count <= 1 << 18 else { return false }
    var openBrackets = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = line.prefix { " -?:\t".contains($0) }
      guard indent.count <= 64, line.utf8.count <= 2048 else { return false }
      var before = UInt8(ascii: " ")
      for byte in line.utf8 {
        if before == UInt8(ascii: "&"), byte != UInt8(ascii: " ") { return false }
        before = byte
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"): openBrackets += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): openBrackets -= 1
        default: break
        }
        if openBrackets > 16 { return false }
      }
    }
    return true
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
