internal import SynapackPolicy
internal import SynapackSupport

/// A verdict for the summary page of a job.
enum MarkdownSummary {
  static func document(_ verdict: Verdict) -> String {
    var lines = [
      "### \(verdict.fails ? "Fail" : "Pass"): \(escaped(verdict.bundle))", "", verdict.tally, "",
      "| | check | measured | limit | margin | baseline |", "|---|---|---:|---:|---:|---:|",
    ]
    for check in verdict.checks {
      let cells =
        [verdict.state(of: check).rawValue, escaped(check.name)] + numbers(check.gauge)
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    let gaps = verdict.coverage.filter { !$0.isChecked }
    if !gaps.isEmpty {
      let list = gaps.map { "\(escaped($0.subject)) (\(escaped($0.lack ?? "")))" }
      lines += ["", "Not checked: " + list.joined(separator: ", ")]
    }
    let ordered = verdict.ordered
    if !ordered.isEmpty { lines.append("") }
    for (_, finding) in ordered {
      let line = finding.line.map { " (\($0.path):\($0.line))" } ?? ""
      let state = finding.waiver == nil ? finding.severity.rawValue : "waived"
      lines.append("- \(state) \(finding.code): \(escaped(finding.words + line))")
    }
    let commands = verdict.codes.map(\.explaining)
    if !commands.isEmpty { lines += ["", "Explain: " + commands.joined(separator: ", ")] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func numbers(_ gauge: Gauge?) -> [String] {
    guard let gauge else { return ["", "", "", ""] }
    func shown(_ value: Double) -> String { JSON.number(value).text() }
    return [
      shown(gauge.measured), shown(gauge.limit), shown(gauge.margin),
      gauge.baseline.map(shown) ?? "",
    ]
  }

  /// Everything that Markdown or HTML could read as markup or as a link, as character references.
  static func escaped(_ text: String) -> String {
    var result = ""
    var last: Unicode.Scalar = " "
    for scalar in TerminalText.plain(text).unicodeScalars {
      // A point makes a link only behind `www`.
      let isLink = scalar == "." && (last == "w" || last == "W")
      if isLink || "\\`*_{}[]<>()#+!|&~@:\"'=^$".unicodeScalars.contains(scalar) {
        result += "&#\(scalar.value);"
      } else {
        result.unicodeScalars.append(scalar)
      }
      last = scalar
    }
    return result
  }
}
