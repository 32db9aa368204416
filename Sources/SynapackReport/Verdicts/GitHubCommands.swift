internal import SynapackPolicy
internal import SynapackSupport

/// Workflow commands of GitHub Actions, the gravest findings first: a step shows only the first few.
enum GitHubCommands {
  static func document(_ verdict: Verdict, in tree: SourceTree) -> String {
    var lines = verdict.ordered.map { command($0.finding, verdict, tree) }
    // A line of its own that starts with no colon is no command.
    let state = verdict.fails ? "fail" : "pass"
    lines.append("synapack: \(state), \(data(verdict.bundle)), \(verdict.tally)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func command(
    _ finding: Finding, _ verdict: Verdict, _ tree: SourceTree
  ) -> String {
    let annotation = Annotation(finding, of: verdict.bundle, in: tree)
    var properties: [String] = []
    // Without a file the annotation is one of the job.
    if case .inside(let path) = annotation.place {
      properties = ["file=\(property(path))", "line=\(annotation.line)"]
    }
    let title = finding.rule.map { "\(finding.code) \($0)" } ?? finding.code.rawValue
    properties.append("title=\(property(title))")
    return "::\(level(of: finding)) \(properties.joined(separator: ","))::"
      + data(
        "\(verdict.bundle): \(finding.words)\(annotation.aside)\nexplain: \(finding.code.explaining)"
      )
  }

  private static func level(of finding: Finding) -> String {
    guard finding.waiver == nil else { return "notice" }
    return switch finding.severity {
    case .note: "notice"
    case .warning: "warning"
    case .error: "error"
    }
  }

  /// Text behind the last colons.
  static func data(_ text: String) -> String {
    replaced(text, [("%", "%25"), ("\r", "%0D"), ("\n", "%0A")])
  }

  /// Text of a property.
  static func property(_ text: String) -> String {
    replaced(text, [("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")])
  }

  private static func replaced(
    _ text: String, _ pairs: [(Unicode.Scalar, String)]
  ) -> String {
    var result = ""
    for scalar in text.replacing("##[", with: "#\\u{23}[").unicodeScalars {
      if let pair = pairs.first(where: { $0.0 == scalar }) {
        result += pair.1
      } else {
        // Anything else that steers is made visible; a log shows it as text.
        result += TerminalText.plain(String(scalar))
      }
    }
    return result
  }
}
