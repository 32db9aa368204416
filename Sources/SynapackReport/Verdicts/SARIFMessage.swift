internal import SynapackSupport

/// The text of a SARIF message, in which viewers find placeholders and links.
///
/// SARIF 2.1.0, §3.11.5: `{0}` is a placeholder, and braces of the text are doubled. §3.11.6:
/// `[text](target)` is a link, and brackets and backslashes of the text stand behind a backslash.
enum SARIFMessage {
  static func text(_ text: String) -> JSON {
    ["text": .string(escaped(TerminalText.plain(text)))]
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "{", "}": result.unicodeScalars.append(scalar)
      case "[", "]", "\\": result += "\\"
      // Some viewers know of no backslash and look for this pair only.
      case "(" where last == "]": result += " "
      default: break
      }
      result.unicodeScalars.append(scalar)
      last = scalar
    }
    return result
  }
}
