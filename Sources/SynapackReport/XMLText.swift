/// Text inside XML 1.0.
enum XMLText {
  /// Markup as references, what steers made visible, and what XML cannot hold as U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in TerminalText.plain(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
