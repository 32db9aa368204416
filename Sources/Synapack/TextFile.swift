public import SynapackSupport

/// The short text files that people write: recipes and chips.
enum TextFile {
  /// The most bytes that such a file may have.
  private static let limit = 1 << 20

  /// - Throws: `SYN0001` where the file cannot be read, `SYN0702` where it is no text.
  static func read(_ path: String) throws(PackError) -> String {
    let file = try MappedFile(path: path)
    guard file.count <= limit else { throw malformed("\(file.count) bytes are too many", path) }
    let bytes = file.withBytes { span in
      // Every offset lies in the file, and every byte is a value.
      (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw malformed("the file is not UTF-8 text", path)
    }
    return text
  }

  private static func malformed(_ message: String, _ path: String) -> PackError {
    PackError(
      .malformedRecipe, message, at: .file(path), hint: "recipes and chips are short YAML files")
  }
}

extension Recipe {
  /// The recipe of the YAML file at `path`.
  ///
  /// - Throws: `SYN0001` where the file cannot be read, `SYN0702` for its contents.
  public init(path: String) throws(PackError) {
    let text = try TextFile.read(path)
    self = try within(.file(path)) { () throws(PackError) in try Recipe(yaml: text) }
  }
}
