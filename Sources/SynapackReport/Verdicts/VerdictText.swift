internal import SynapackPolicy
internal import SynapackSupport

/// A verdict for people: a line a check, its findings below it.
enum VerdictText {
  static func document(_ verdict: Verdict) -> String {
    var lines: [String] = []
    let words = verdict.checks.map { check in
      let state = verdict.state(of: check)
      return state == .pass ? "ok" : state.rawValue
    }
    let width = words.map(\.count).max() ?? 0
    for (check, word) in zip(verdict.checks, words) {
      let space = String(repeating: " ", count: width - word.count)
      lines.append("\(word)\(space)  \(TerminalText.plain(check.name))" + aside(check))
      for finding in check.findings {
        let line = finding.line.map { " [\(TerminalText.plain($0.path)):\($0.line)]" } ?? ""
        lines.append("    \(finding.code): \(finding.words)\(line)")
      }
    }
    for item in verdict.coverage where !item.isChecked {
      let reason = TerminalText.plain(item.lack ?? "")
      lines.append("not checked  \(TerminalText.plain(item.subject))  (\(reason))")
    }
    for code in verdict.codes { lines.append("explain: `\(code.explaining)`") }
    // With its bundle, as a hook shows the verdicts of several in one log.
    let bundle = TerminalText.plain(verdict.bundle)
    lines.append("\(verdict.fails ? "fail" : "pass"): \(bundle): \(verdict.tally)")
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
