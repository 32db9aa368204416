internal import SynapackPlace
internal import SynapackSupport

/// Chips by name or by file.
enum ChipLibrary {
  /// The text of a built-in chip, or of the YAML file at that path, also where several are joined.
  ///
  /// - Throws: `SYN0502` where there is neither, `SYN0001` where the file cannot be read.
  static func text(_ text: String) throws(PackError) -> String {
    let name = try parsed(text).base
    if let entry = Chips.texts.first(where: { $0.id == name }) { return entry.text }
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      throw Chips.unknown(name).at(.option("--chip"))
    }
    return try TextFile.read(name)
  }

  private static func parsed(_ text: String) throws(PackError) -> ChipName {
    try within(.option("--chip")) { () throws(PackError) in try ChipName(text) }
  }

  /// - Throws: what ``text(_:)`` throws, `SYN0501` for a malformed chip file, or one that takes the
  ///   id of a built-in chip, and `SYN0502` for several chips that cannot be joined.
  static func chip(_ given: String) throws(PackError) -> Chip {
    let whole = try parsed(given)
    let name = whole.base
    let text = try text(name)
    let chip = try within(.file(name)) { () throws(PackError) in try Chip(yaml: text) }
    let isNamed = chip.id.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }
    guard isNamed, (1...64).contains(chip.id.utf8.count) else {
      throw PackError(
        .malformedChip, "the id is not 1 to 64 small letters, digits and hyphens",
        at: .file(name), hint: "for example my-chip")
    }
    guard Chips.texts.allSatisfy({ $0.id != chip.id || $0.text == text }) else {
      throw PackError(
        .malformedChip, "`\(chip.id)` is the id of a built-in chip with other limits",
        at: .file(name), hint: "give your chip an id of its own")
    }
    return try within(.option("--chip")) { () throws(PackError) in try chip.joined(whole.copies) }
  }
}
