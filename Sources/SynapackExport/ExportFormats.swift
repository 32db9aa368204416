public import SynapackPlace
public import SynapackProgram
public import SynapackSupport

/// One format that bundles are exported to.
public struct ExportFormat: Sendable {
  /// The name for `--format`.
  public let name: String
  /// One line for `synapack formats`.
  public let summary: String
  /// The ending of the file's name, without a dot.
  public let fileExtension: String
  /// The file's bytes; what the format cannot carry exactly is entered in the report's ledger.
  public let export:
    @Sendable (SpikingProgram, Placement?, inout Report) throws(PackError) -> [UInt8]
}

/// The formats that this build writes.
public enum ExportFormats {
  /// In ascending order of their names.
  public static let all: [ExportFormat] = [
    ExportFormat(
      name: "json", summary: "the whole program and placement as readable JSON",
      fileExtension: "json"
    ) { (program, placement, _) throws(PackError) in
      Array(JSONExport.text(program, placement).utf8)
    }
  ]

  /// - Throws: `SYN0703` where there is no format of that name.
  public static func named(_ name: String) throws(PackError) -> ExportFormat {
    guard let format = all.first(where: { $0.name == name }) else {
      let known = all.map(\.name).joined(separator: ", ")
      throw PackError(
        .unknownName, "there is no export format `\(name)`; there are \(known)",
        at: .option("--format"), hint: "list the formats with `synapack formats`")
    }
    return format
  }
}
