public import SynapackGraph
internal import SynapackHDF5
internal import SynapackImport
public import SynapackSupport

/// Every model format that this build reads.
public enum ModelImporters {
  /// In the order in which they are asked to recognise a file.
  public static let all: [any Importer.Type] = [
    SafetensorsImporter.self, KerasImporter.self, NIRImporter.self, NumPyWeightsImporter.self,
    TFLiteImporter.self,
    ONNXImporter.self,
  ]

  /// Reads the model at `path`, whose format is told by its first bytes, then by its name.
  ///
  /// - Throws: `SYN0003` for an empty file, a text, or one that no importer knows; what the
  ///   importer throws.
  public static func read(
    path: String, options: ImportOptions = ImportOptions(), report: inout Report
  ) throws(PackError) -> ImportedModel {
    let file = try mapped(path)
    return try importer(of: file).read(file, options, &report)
  }

  /// The file at `path`.
  ///
  /// - Throws: `SYN0001` and `SYN0002`, which says of some folders what to give instead.
  static func mapped(_ path: String) throws(PackError) -> MappedFile {
    do throws(PackError) {
      return try MappedFile(path: path)
    } catch  where error.code == .notARegularFile {
      throw PackError(
        error.code, error.message, at: .file(path), hint: ForeignModels.hint(forFolder: path))
    }
  }

  /// Reads a conventional network.
  ///
  /// - Throws: what ``read(path:options:report:)`` throws; `SYN0214` for a network that spikes.
  public static func analog(
    path: String, options: ImportOptions = ImportOptions(), report: inout Report
  ) throws(PackError) -> Graph<Analog> {
    switch try read(path: path, options: options, report: &report) {
    case .analog(let graph): return graph
    case .spiking:
      throw PackError(
        .alreadySpiking, "the model spikes already", at: .file(path),
        hint: "give the conventional network that it was made from")
    }
  }

  /// The graph with the digest of its file, which importers of large weights leave to whoever
  /// stores or compares it.
  static func identified(_ graph: Graph<Analog>, path: String) throws(PackError) -> Graph<Analog> {
    guard graph.origin.digest == nil else { return graph }
    var draft = graph.draft
    draft.origin.digest = Digest(of: try MappedFile(path: path))
    return try Graph<Analog>(verifying: draft)
  }

  /// The importer for a file.
  ///
  /// - Throws: `SYN0003` where there is none.
  public static func importer(of file: MappedFile) throws(PackError) -> any Importer.Type {
    guard file.count > 0 else { throw unknown(file, "the file is empty") }
    let name = file.path.lowercased()
    if let pointer = LFSPointer(file.prefix(1024)) { throw pointer.refusal().at(.file(file.path)) }
    // The index of a sharded model is the one text among the formats.
    guard !isText(file.prefix(4096)) || name.hasSuffix(".index.json") else {
      throw unknown(file, "the file is a text")
    }
    let importer =
      all.first { $0.recognises(file) }
      ?? all.first { $0.format.extensions.contains { name.hasSuffix($0) } }
    guard let importer else { throw unknown(file, "the file is of no known format") }
    return importer
  }

  /// Whether all bytes are printable or white space; every format here begins with others.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }
  }

  private static func unknown(_ file: MappedFile, _ message: String) -> PackError {
    let formats = all.map { "\($0.format.name) (\($0.format.extensions.joined(separator: ", ")))" }
    return PackError(
      .unknownFormat, message, at: .file(file.path),
      hint: ForeignModels.hint(for: file)
        ?? "give a model of a format that is read: " + formats.joined(separator: ", "))
  }
}
