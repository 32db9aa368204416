internal import SynapackPlace
internal import SynapackSupport

/// Chips by name or by file.
enum ChipLibrary {
  /// The text of a built-in chip, or of the YAML file at that path.
  ///
  /// - Throws: `SYN0502` where there is neither, `SYN0001` where the file cannot be read.
  static func text(_ name: String) throws(PackError) -> String {
    if let entry = Chips.texts.first(where: { $0.id == name }) { return entry.text }
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      let known = Chips.texts.map(\.id).joined(separator: ", ")
      throw PackError(
        .unknownChip, "there is no chip `\(name)`; built in: \(known)", at: .option("--chip"),
        hint: "list the chips with `synapack chips`, or give the path of a .yaml file")
    }
    return try TextFile.read(name)
  }

  /// - Throws: what ``text(_:)`` throws, and `SYN0501` for a malformed chip file.
  static func chip(_ name: String) throws(PackError) -> Chip {
    let text = try text(name)
    return try within(.file(name)) { () throws(PackError) in try Chip(yaml: text) }
  }
}
