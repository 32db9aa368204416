public import SynapackSupport

/// A model format that this build knows.
public struct ModelFormat: Sendable, Hashable {
  /// The identifier, e.g. `onnx`.
  public let id: String
  public let name: String
  /// File name endings with the dot.
  public let extensions: [String]
  /// What is read and what is refused, in one sentence.
  public let summary: String

  public init(id: String, name: String, extensions: [String], summary: String) {
    self.id = id
    self.name = name
    self.extensions = extensions
    self.summary = summary
  }
}

/// Reads one model format; the file's contents are hostile until proved otherwise.
public protocol Importer: Sendable {
  static var format: ModelFormat { get }

  /// Whether the first bytes look like this format; no deeper check.
  static func recognises(_ file: MappedFile) -> Bool

  /// Reads the graph. Everything that this build cannot carry is refused here, all at once.
  static func read(
    _ file: MappedFile, _ options: ImportOptions, _ report: inout Report
  ) throws(PackError) -> ImportedModel
}
