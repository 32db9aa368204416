public import SynapackSupport

/// The short text files that people write: recipes, chips and policies.
enum TextFile {
  /// The most bytes that such a file may have.
  private static let limit = 1 << 20

  /// - Parameter code: what a file that is no short text is refused with.
  /// - Throws: `SYN0001` where the file cannot be read, `code` where it is no text.
  static func read(
    _ path: String, refusal code: ErrorCode = .malformedRecipe
  ) throws(PackError) -> String {
    let file = try MappedFile(path: path)
    func malformed(_ message: String) -> PackError {
      PackError(
        code, message, at: .file(path), hint: "recipes, chips and policies are short YAML files")
    }
    guard file.count <= limit else { throw malformed("\(file.count) bytes are too many") }
    guard let text = String(validating: file.copy, as: UTF8.self) else {
      throw malformed("the file is not UTF-8 text")
    }
    return text
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
