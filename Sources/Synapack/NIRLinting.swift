internal import SynapackHDF5
public import SynapackSupport

/// What the readers of NIR files make of one.
public enum NIRLinting {
  /// - Parameter reader: a name of ``NIRLint/readers``, or `all`.
  /// - Throws: what ``NIRLint`` throws.
  public static func run(_ path: String, reader: String) throws(PackError) -> [Finding] {
    try NIRLint.findings(try MappedFile(path: path), reader: reader == "all" ? nil : reader)
  }
}
