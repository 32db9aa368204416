public import SynapackSupport

/// A file of the user's that a command has no list to know by, and would replace.
public enum ForeignFile {
  /// Refuses to replace a file that holds something of another kind.
  ///
  /// - Parameters:
  ///   - isKin: whether what is there may go.
  ///   - hint: what leads on.
  /// - Throws: `SYN0004`.
  public static func refuse(
    _ path: String, unless isKin: (MappedFile) -> Bool, hint: String
  ) throws(PackError) {
    // What cannot be read as a file, such as a pipe, holds nothing that would be lost.
    guard let old = try? MappedFile(path: path), old.count > 0, !isKin(old) else { return }
    throw PackError(
      .unwritableFile, "a file of another format would be replaced", at: .file(path), hint: hint)
  }
}
