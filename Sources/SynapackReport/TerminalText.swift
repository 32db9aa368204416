/// Text that is safe to show on a terminal.
public enum TerminalText {
  /// Text from a file with everything that could steer a terminal made visible.
  public static func plain(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let steers =
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x200B...0x200F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value)
      if steers {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    // The older form of a workflow command, which a runner takes anywhere in a line.
    return result.replacing("##[", with: "#\\u{23}[")
  }
}
