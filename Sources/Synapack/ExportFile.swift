internal import SynapackGraph
internal import SynapackHDF5
public import SynapackSupport

/// The file of an export of a single file: it replaces an empty file, one of its own format, or any where
/// that is forced. No list beside it says who wrote what is there.
public struct ExportFile: Sendable {
  public let path: String

  public init(_ path: String) {
    self.path = path
  }

  /// Writes the file or nothing.
  ///
  /// - Throws: `SYN0004` for a file of another format without `force`, and where the system cannot write.
  public func write(_ file: ExportJob.File, force: Bool) throws(PackError) {
    if !force {
      try ForeignFile.refuse(
        path, unless: { ExportFile.isAlike($0, file.bytes) },
        hint: "name another file with `-o`, or replace it with `--force`")
    }
    try AtomicFile.write(file.bytes, to: path)
  }

  /// Whether both are NIR, or documents of one schema.
  private static func isAlike(_ old: MappedFile, _ new: [UInt8]) -> Bool {
    guard !isNIR(new) else { return NIRImporter.recognises(old) }
    guard let schema = schema(new) else { return false }
    return old.count <= largestDocument && ExportFile.schema(old.copy) == schema
  }

  private static let largestDocument = 1 << 28

  private static func isNIR(_ bytes: [UInt8]) -> Bool {
    NIRImporter.recognises(unsafe MappedFile(bytes: bytes.span.bytes, path: ""))
  }

  private static func schema(_ bytes: [UInt8]) -> JSON? {
    JSON(parsing: String(decoding: bytes, as: UTF8.self))?.member("schema")
  }
}
