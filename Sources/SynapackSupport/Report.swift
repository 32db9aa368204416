/// What a run found, lost and measured; it travels beside the data, never inside it.
public struct Report: Sendable, Hashable {
  public private(set) var findings: [Finding] = []
  public private(set) var losses: [Loss] = []
  public private(set) var stages: [Stage] = []

  public init() {}

  public mutating func add(_ finding: Finding) {
    findings.append(finding)
  }

  public mutating func add(_ loss: Loss) {
    losses.append(loss)
  }

  public mutating func add(_ stage: Stage) {
    stages.append(stage)
  }
}

/// Something worth knowing that does not stop the work.
public struct Finding: Sendable, Hashable {
  public let code: ErrorCode
  public let severity: Severity
  public let message: String
  public let place: Place?
  /// The rule that asked for the check; `nil` for checks that every bundle gets.
  public var rule: String?
  /// The numbers that the rule compared.
  public var gauge: Gauge?
  /// The line that asked for the check.
  public var line: SourceLine?
  /// A finding that was waived is shown and fails nothing.
  public var waiver: WaiverNote?

  public init(
    _ code: ErrorCode, _ severity: Severity, _ message: String, at place: Place? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.place = place
  }
}

/// How much a finding or a loss weighs; the order is that of `--fail-on`.
public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
  case note, warning, error

  public static func < (left: Severity, right: Severity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// One entry of the loss ledger: what a stage could not carry exactly.
public struct Loss: Sendable, Hashable {
  public let code: ErrorCode
  public let severity: Severity
  /// The layer, tensor or node that lost something.
  public let subject: String
  /// What became of it, in words.
  public let message: String
  /// The size of the loss where there is a number for it, in the unit that `message` names.
  public let measured: Double?

  public init(
    _ code: ErrorCode, _ severity: Severity, subject: String, _ message: String,
    measured: Double? = nil
  ) {
    self.code = code
    self.severity = severity
    self.subject = subject
    self.message = message
    self.measured = measured
  }
}

/// One stage of the pipeline as it ran.
public struct Stage: Sendable, Hashable {
  public let name: String
  public let seconds: Double
  /// The largest resident size of the process so far, in bytes.
  public let peakBytes: Int

  public init(name: String, seconds: Double, peakBytes: Int) {
    self.name = name
    self.seconds = seconds
    self.peakBytes = peakBytes
  }
}
