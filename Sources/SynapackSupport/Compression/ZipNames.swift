/// The names of a zip archive's entries: plain relative paths, each once on every file system, or
/// labels, each once.
struct ZipNames {
  private let naming: ZipArchive.Naming
  private var taken: Set<String> = []

  init(_ naming: ZipArchive.Naming = .paths) { self.naming = naming }

  /// Takes a name that may be given once only.
  ///
  /// Letters of another case and other compositions of one character are the same name on some
  /// systems; strings already compare by canonical equivalence.
  mutating func add(_ name: String, at range: Range<Int>) throws(PackError) {
    let plain =
      switch naming {
      case .labels: name
      case .paths: (name.hasSuffix("/") ? String(name.dropLast()) : name).lowercased()
      }
    guard taken.insert(plain).inserted else {
      throw ZipNames.refusal("the name `\(name)` stands twice", range)
    }
  }

  /// The text of a name.
  ///
  /// - Throws: `SYN0231` for a path that is not relative on every system, and for a link's name.
  static func text(
    _ bytes: [UInt8], flags: UInt16, attributes: UInt32, at range: Range<Int>,
    _ naming: ZipArchive.Naming = .paths
  ) throws(PackError) -> String {
    let isUnicode = flags & 0x800 != 0
    guard !bytes.isEmpty, bytes.count <= 4096, let text = utf8Text(bytes),
      isUnicode || bytes.allSatisfy({ $0 < 0x80 })
    else { throw refusal("a name of \(bytes.count) bytes is no UTF-8 text", range) }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw refusal("a name holds control characters", range)
    }
    if naming == .paths { try checkPath(text, at: range) }
    // The upper half holds the file's mode where the writer ran on Unix.
    let kind = attributes >> 28
    guard kind == 0 || kind == 8 || kind == 4 else {
      throw refusal("the entry `\(text)` is a link or a device", range)
    }
    return text
  }

  private static func checkPath(_ text: String, at range: Range<Int>) throws(PackError) {
    guard !text.contains("\\"), !text.contains(":"), !text.hasPrefix("/") else {
      throw refusal("the name `\(text)` is absolute, names a drive or has a backslash", range)
    }
    let path = text.hasSuffix("/") ? text.dropLast() : text[...]
    for component in path.split(separator: "/", omittingEmptySubsequences: false) {
      guard let last = component.utf8.last, last != UInt8(ascii: "."), last != UInt8(ascii: " ")
      else {
        throw refusal(
          "the name `\(text)` has an empty part or one that ends in a dot or space", range)
      }
    }
  }

  private static func refusal(_ message: String, _ range: Range<Int>) -> PackError {
    PackError(
      .unsafeArchiveName, message, at: .bytes(range),
      hint: "write the archive again with plain relative names")
  }
}
