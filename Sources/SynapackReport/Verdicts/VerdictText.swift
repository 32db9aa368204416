internal import SynapackPolicy
internal import SynapackSupport

/// A verdict for people: a line a check, its findings below it.
enum VerdictText {
  static func document(_ verdict: Verdict) -> String {
    var lines: [String] = []
    for check in verdict.checks {
      let state = verdict.state(of: check)
      let word = state == .pass ? "ok" : state.rawValue
      lines.append("\(word)  \(TerminalText.plain(check.name))" + aside(check))
      for finding in check.findings {
        let line = finding.line.map { " [\(TerminalText.plain($0.path)):\($0.line)]" } ?? ""
        lines.append("    \(finding.code): \(finding.words)\(line)")
      }
    }
    for item in verdict.coverage where !item.isChecked {
      let reason = TerminalText.plain(item.lack ?? "")
      lines.append("not checked  \(TerminalText.plain(item.subject))  (\(reason))")
    }
    lines.append("\(verdict.fails ? "fail" : "pass"): \(verdict.tally)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func aside(_ check: Check) -> String {
    if let reason = check.skipped { return "  (left out: \(TerminalText.plain(reason)))" }
    guard let gauge = check.gauge else { return "" }
    func shown(_ value: Double) -> String { JSON.number(value).text() }
    let before = gauge.baseline.map { ", before \(shown($0))" } ?? ""
    let unit = gauge.unit.isEmpty ? "" : " " + TerminalText.plain(gauge.unit)
    return "  (\(shown(gauge.measured))\(unit), limit \(shown(gauge.limit))\(before))"
  }
}
