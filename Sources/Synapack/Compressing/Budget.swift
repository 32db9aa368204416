public import SynapackSupport

/// What a compressed network may cost, as `--budget "bytes<=64KiB,synops<=2e7"` says it.
public struct Budget: Sendable, Hashable {
  /// What is limited.
  public enum Measure: String, Sendable, CaseIterable {
    /// Bytes of the bundle.
    case bytes
    /// Cores of the chip.
    case cores
    /// Effective additions and multiplications an input, a mean over the inputs measured.
    case synops
    /// T
    case timesteps
    /// Points of accuracy lost to the network before compression; of agreement with the source
    /// network where there are no labels.
    case accuracyDrop = "accuracy-drop"
  }

  /// One limit: the measure is to be `most` at the most.
  public struct Limit: Sendable, Hashable {
    public var measure: Measure
    public var most: Double
  }

  /// In the order of the text, one a measure.
  public var limits: [Limit]

  public init(limits: [Limit]) { self.limits = limits }

  /// - Throws: `SYN0701` for a text that is no list of limits.
  public init(_ text: String) throws(PackError) {
    limits = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = String(part).split(separator: "=", omittingEmptySubsequences: false)
      guard words.count == 2, words[0].hasSuffix("<"),
        let measure = Measure(rawValue: words[0].dropLast().trimmed),
        let most = measure.number(words[1].trimmed), most >= 0, most.isFinite
      else { throw Budget.malformed("`\(part)` is no limit") }
      guard !limits.contains(where: { $0.measure == measure }) else {
        throw Budget.malformed("\(measure.rawValue) is limited twice")
      }
      limits.append(Limit(measure: measure, most: most))
    }
  }

  private static func malformed(_ message: String) -> PackError {
    PackError(
      .badOption, message, at: .option("--budget"),
      hint: "use limits such as bytes<=64KiB,synops<=2e7,timesteps<=8,accuracy-drop<=1")
  }
}

extension Budget.Measure {
  /// A number in the unit of the measure; bytes may be counted in thousands and powers of 1,024.
  fileprivate func number(_ text: String) -> Double? {
    let units: [(String, Double)] =
      self == .bytes
      ? [("KiB", 1_024), ("MiB", 1_048_576), ("kB", 1_000), ("MB", 1_000_000)] : []
    for (unit, factor) in units where text.hasSuffix(unit) {
      return Double(String(text.dropLast(unit.count)).trimmed).map { $0 * factor }
    }
    return Double(text)
  }
}

extension StringProtocol {
  /// Without spaces at its ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
