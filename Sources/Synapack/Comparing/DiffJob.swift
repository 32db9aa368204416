internal import SynapackBundle
public import SynapackSupport

/// What changed between two bundles, in words and as the document `synapack.diff/1`.
public enum DiffJob {
  public struct Result: Sendable {
    public var level: ChangeLevel
    public var lines: [String]
    public var document: JSON
    /// The changes that are larger than what was required.
    public var findings: [Finding]
  }

  /// - Parameter required: the largest change that is wanted; `nil` for any.
  /// - Throws: what reading the bundles throws.
  public static func run(
    _ old: MappedFile, _ new: MappedFile, required: ChangeLevel?, threads: Int
  ) throws(PackError) -> Result {
    var unused = Report()
    let comparison = try BundleComparison(
      try FoundFile.bundle(old, &unused), try FoundFile.bundle(new, &unused), threads: threads)
    let findings = findings(comparison, required)
    return Result(
      level: comparison.level, lines: DiffListing.lines(comparison),
      document: DiffListing.document(comparison, required: required, findings),
      findings: findings)
  }

  private static func findings(
    _ comparison: BundleComparison, _ required: ChangeLevel?
  ) -> [Finding] {
    guard let required, comparison.level > required else { return [] }
    let larger = comparison.changes.filter { $0.category.level > required }
    guard !larger.isEmpty else {
      return [
        Finding(
          .incompatible, .error,
          "the contents differ, which asks for \(comparison.level.rawValue), not "
            + required.rawValue)
      ]
    }
    return larger.map { change in
      Finding(
        .incompatible, .error,
        "\(change.category.rawValue) \(change.subject): \(DiffListing.words(change)); that is "
          + "\(change.category.level.rawValue), not \(required.rawValue)")
    }
  }
}
