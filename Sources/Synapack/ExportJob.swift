internal import SynapackBundle
internal import SynapackExport
public import SynapackSupport

/// Writing a bundle for the tool of a vendor.
public struct ExportJob: Sendable {
  /// One file of the result; an export of one file leaves its name to the user.
  public struct File: Sendable, Hashable {
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }

    var json: JSON {
      .object([
        "name": .string(name), "bytes": .integer(bytes.count),
        "digest": .string(Digest(of: bytes).description),
      ])
    }
  }

  /// The id of a target.
  public var target: String
  /// Codes of losses that are accepted.
  public var allowed: [String]

  public init(target: String, allowed: [String]) {
    self.target = target
    self.allowed = allowed
  }

  /// The files of a bundle in the target's form.
  ///
  /// - Throws: `SYN0703` for an unknown target or code of a loss, the code of what it cannot carry,
  ///   `SYN0308` for a loss that was not accepted; what the reader of bundles throws.
  public func run(_ path: String, _ report: inout Report) throws(PackError) -> [File] {
    let target = try ExportTargets.named(target)
    try LossPolicy.checkCodes(allowed)
    let bundle = try FoundFile.bundle(try MappedFile(path: path), &report).bundle
    let source = ExportSource(
      program: bundle.program, placement: bundle.placement, conformance: bundle.conformance,
      preprocess: bundle.preprocess)
    var losses = Report()
    let files = try ExportTargets.export(source, to: target, &losses)
    losses.losses.forEach { report.add($0) }
    losses.findings.forEach { report.add($0) }
    try LossPolicy.check(losses, allowed: allowed)
    let words = ExportJob.words(losses.losses.filter { $0.severity == .error })
    return files.map { file in
      File(
        name: file.name,
        bytes: file.name == "README.md" ? file.bytes + Array(words.utf8) : file.bytes)
    }
  }

  /// The section of a README on what was accepted, with what the files are not the program.
  private static func words(_ losses: [Loss]) -> String {
    guard !losses.isEmpty else { return "" }
    // Names of a bundle are anybody's: none of them leaves its line or its quotes.
    func plain(_ text: String) -> String {
      String(
        text.map {
          $0 == "`" || $0.isNewline || $0.unicodeScalars.contains(where: isControl) ? "_" : $0
        })
    }
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .control
    }
    let lines = losses.map { "- \($0.code) in `\(plain($0.subject))`: \(plain($0.message))." }
    return """

      ## Losses that were accepted

      \(lines.joined(separator: "\n"))

      """
  }

  /// The files and losses as JSON; schema `synapack.export/1`.
  public func document(_ files: [File], output: String, _ report: Report) -> JSON {
    .object([
      "schema": "synapack.export/1", "target": .string(target), "output": .string(output),
      "files": .array(files.map(\.json)),
      "losses": .array(report.losses.map(\.json)),
    ])
  }

  /// What every target carries, as lines and as JSON.
  public static var targets: (lines: [String], json: JSON) {
    (CapabilityTable.lines, CapabilityTable.json)
  }
}
