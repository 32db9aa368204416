/// Words of commands that a hint gives to be copied into a shell.
enum ShellWord {
  /// The text as one word of a POSIX shell, between single quotes unless it is plain.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "_@%+=:,./-".utf8.contains(byte)
      }
    }
    guard !isPlain || text.isEmpty else { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
