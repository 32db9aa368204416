internal import SynapackPolicy
internal import SynapackSupport

/// GitLab's code quality report: one entry for each finding that is not waived.
///
/// GitLab counts every entry as a degradation, whatever its severity, so that one that was waived would
/// look like one that fails.
enum GitLabCodeQuality {
  static func document(_ verdict: Verdict, in tree: SourceTree) -> JSON {
    .array(
      verdict.ordered.filter { $0.finding.waiver == nil }.map { entry($0.finding, verdict, tree) })
  }

  private static func entry(
    _ finding: Finding, _ verdict: Verdict, _ tree: SourceTree
  ) -> JSON {
    let annotation = Annotation(finding, of: verdict.bundle, in: tree)
    // Every entry must have a path; the one of a file outside leads nowhere.
    let path =
      switch annotation.place {
      case .inside(let path), .outside(let path): path
      }
    let severity =
      switch finding.severity {
      case .note: "info"
      case .warning: "minor"
      case .error: "critical"
      }
    let name = finding.rule.map { "\(finding.code) \($0)" } ?? finding.code.rawValue
    return [
      "description": .string(
        TerminalText.plain(
          "\(verdict.bundle): \(finding.words)\(annotation.aside); see `\(finding.code.explaining)`"
        )),
      "check_name": .string(TerminalText.plain(name)),
      "fingerprint": .string(finding.fingerprint(of: verdict.bundle, in: tree)),
      "severity": .string(severity),
      "location": ["path": .string(path), "lines": ["begin": .integer(annotation.line)]],
    ]
  }
}
