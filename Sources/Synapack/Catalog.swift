internal import SynapackConvert
internal import SynapackExport
internal import SynapackGraph
internal import SynapackImport
internal import SynapackPlace
public import SynapackSupport

/// What this build knows, as names and summaries.
public enum Catalog {
  public typealias Entry = (name: String, summary: String)

  /// - Throws: `SYN0501` where a built-in chip is malformed.
  public static func chips() throws(PackError) -> [Entry] {
    try Chips.all().map { chip in
      (chip.id, chip.name + (chip.kind.obstacle.map { " (\($0))" } ?? ""))
    }
  }

  public static var methods: [Entry] {
    BalancingMethods.all.map { ($0.id, $0.summary) }
  }

  public static var formats: [Entry] {
    ModelImporters.all.map { ("\($0.format.id) (in)", $0.format.summary) }
      + [("synapack (in, out)", "bundles of format 1, the file that `convert` writes")]
      + ExportTargets.all.map { ("\($0.id) (out)", $0.summary) }
  }

  /// The chip file of a name or path as it is.
  ///
  /// - Throws: `SYN0502` where there is none, `SYN0501` for a file that is none: it has no limits to
  ///   show.
  public static func chip(_ name: String) throws(PackError) -> String {
    _ = try ChipLibrary.chip(name)
    return try ChipLibrary.text(name)
  }

  /// The limits of a chip with their sources, for people and for programs.
  ///
  /// - Parameter counts: as ``NamedCounts`` reads them; then each demand has its amount as well.
  /// - Throws: as ``chip(_:)`` does; `SYN0701` for counts that cannot be read.
  public static func limits(
    of name: String, counts: String?
  ) throws(PackError) -> (text: [String], json: JSON) {
    let listing = ChipListing(try ChipLibrary.chip(name))
    let amounts = try counts.map { (text) throws(PackError) in try listing.amounts(text) }
    return (listing.lines(amounts), listing.json(amounts))
  }
}
