internal import SynapackPolicy
internal import SynapackSupport

/// GitLab's code quality report: one entry for each finding that is not waived.
enum GitLabCodeQuality {
  static func document(_ verdict: Verdict) -> JSON {
    .array(verdict.ordered.filter { $0.finding.waiver == nil }.map { entry($0.finding, verdict) })
  }

  private static func entry(_ finding: Finding, _ verdict: Verdict) -> JSON {
    let place = finding.location(in: verdict.bundle)
    let severity =
      switch finding.severity {
      case .note: "info"
      case .warning: "minor"
      case .error: "critical"
      }
    let name = finding.rule.map { "\(finding.code) \($0)" } ?? finding.code.rawValue
    return [
      "description": .string(TerminalText.plain("\(verdict.bundle): ") + finding.words),
      "check_name": .string(TerminalText.plain(name)),
      "fingerprint": .string(finding.fingerprint(in: verdict.bundle)),
      "severity": .string(severity),
      "location": ["path": .string(place.path), "lines": ["begin": .integer(place.line)]],
    ]
  }
}
