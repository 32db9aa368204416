public import SynapackSupport

/// One thing that was looked at, whether or not it found something.
public struct Check: Sendable, Hashable {
  public enum Group: String, Sendable, CaseIterable {
    /// What every bundle must be.
    case bundle
    /// What a policy asks for.
    case policy
  }

  public var group: Group
  /// Unique among the checks of its group.
  public var name: String
  public var findings: [Finding]
  /// What a rule compared, also where it passed.
  public var gauge: Gauge?
  /// The line of the policy that asked for it.
  public var line: SourceLine?
  /// Why it was left out, where it was.
  public var skipped: String?

  public init(
    _ group: Group, _ name: String, findings: [Finding], gauge: Gauge? = nil,
    line: SourceLine? = nil, skipped: String? = nil
  ) {
    self.group = group
    self.name = name
    self.findings = findings
    self.gauge = gauge
    self.line = line
    self.skipped = skipped
  }
}

/// Something that a validation can check of a bundle, whatever came out.
public struct Coverage: Sendable, Hashable {
  /// `conformance replay`, `chip limits`, `accuracy`, `baseline`, `signature` or `rates`.
  public var subject: String
  /// Why it was not checked; `nil` where it was.
  public var lack: String?

  public init(_ subject: String, lack: String?) {
    self.subject = subject
    self.lack = lack
  }

  public var isChecked: Bool { lack == nil }
}

/// Everything that was checked of one bundle; what the output formats write.
public struct Verdict: Sendable, Hashable {
  /// The bundle's path, relative where that is possible.
  public var bundle: String
  public var checks: [Check]
  /// The severity from which findings fail the run.
  public var failOn: Severity
  /// What a reader may expect of a validation, and whether this one did it.
  public var coverage: [Coverage]

  public init(
    bundle: String, checks: [Check], failOn: Severity, coverage: [Coverage] = []
  ) {
    self.bundle = bundle
    self.checks = checks
    self.failOn = failOn
    self.coverage = coverage
  }

  public var findings: [Finding] { checks.flatMap(\.findings) }

  public var fails: Bool { findings.contains(where: fails) }

  /// Whether a finding fails the run by itself.
  public func fails(_ finding: Finding) -> Bool {
    finding.waiver == nil && finding.severity >= failOn
  }
}
