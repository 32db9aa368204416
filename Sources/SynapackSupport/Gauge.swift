/// What a rule measured, beside what it allows.
public struct Gauge: Sendable, Hashable {
  /// What is measured, e.g. `bytes`.
  public var measure: String
  /// The unit of all numbers here; empty for counts and fractions.
  public var unit: String
  public var measured: Double
  /// The last value that passes.
  public var limit: Double
  /// How far the measured value lies on the good side of the limit; negative where it fails.
  public var margin: Double
  /// The same measure of the bundle that was compared with.
  public var baseline: Double?

  public init(
    measure: String, unit: String = "", measured: Double, limit: Double, margin: Double,
    baseline: Double? = nil
  ) {
    self.measure = measure
    self.unit = unit
    self.measured = measured
    self.limit = limit
    self.margin = margin
    self.baseline = baseline
  }
}

/// A line of a text file that somebody wrote, counted from 1.
public struct SourceLine: Sendable, Hashable {
  public var path: String
  public var line: Int

  public init(path: String, line: Int) {
    self.path = path
    self.line = line
  }
}

/// Why a finding was let through, by whom and for how long.
public struct WaiverNote: Sendable, Hashable {
  public var reason: String
  public var owner: String
  /// The last day on which it holds, as 2027-01-31.
  public var expires: String

  public init(reason: String, owner: String, expires: String) {
    self.reason = reason
    self.owner = owner
    self.expires = expires
  }
}
