public import SynapackSupport

/// Text files that people write: recipes.
public enum RecipeFile {
  /// The most bytes that a recipe may have.
  private static let limit = 1 << 20

  /// - Throws: `SYN0001` where the file cannot be read, `SYN0702` for its contents.
  public static func read(_ path: String) throws(PackError) -> Recipe {
    let file = try MappedFile(path: path)
    guard file.count <= limit else {
      throw PackError(
        .malformedRecipe, "\(file.count) bytes is no recipe", at: .file(path),
        hint: "a recipe is a short YAML file")
    }
    let text = file.withBytes { span in
      String(decoding: (0..<span.byteCount).map { span.unsafeByte(at: $0) }, as: UTF8.self)
    }
    return try within(.file(path)) { () throws(PackError) in try Recipe(yaml: text) }
  }
}

extension RawSpan {
  /// The byte at `offset`, which the caller takes from `0..<byteCount`.
  func unsafeByte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}
