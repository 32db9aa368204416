/// Numbers and names as C.
enum CText {
  /// The numbers with commas, some to a line.
  static func list(_ values: [some FixedWidthInteger], suffix: String = "") -> String {
    var text = ""
    for start in stride(from: 0, to: values.count, by: 16) {
      let line = values[start..<min(start + 16, values.count)]
      text += line.map { "\($0)\(suffix)," }.joined(separator: " ") + "\n"
    }
    return text
  }

  /// The fewest bytes of 1, 2 and 4 that hold every value.
  static func bytes(_ values: [Int32]) -> Int {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    if low >= -128, high <= 127 { return 1 }
    return low >= -32_768 && high <= 32_767 ? 2 : 4
  }

  /// A name that cannot end a comment.
  static func comment(_ name: String) -> String {
    String(
      name.unicodeScalars.map { scalar in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        return isPlain || "_.-".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
      })
  }
}
