internal import SynapackGraph
internal import SynapackHDF5
public import SynapackSupport

/// What the readers of NIR files make of one.
public enum NIRLinting {
  /// - Parameter reader: a name of ``NIRLint/readers``, or `all`.
  /// - Throws: `SYN0274` for another kind of file, what ``NIRLint`` throws.
  public static func run(_ path: String, reader: String) throws(PackError) -> [Finding] {
    let file = try MappedFile(path: path)
    if !NIRImporter.recognises(file), let words = FoundFile.words(file) {
      throw PackError(
        .malformedNIR, "the file is \(words), and NIR files alone are checked for their readers",
        at: .file(path), hint: "leave out `--lint`")
    }
    return try NIRLint.findings(file, reader: reader == "all" ? nil : reader)
  }
}
