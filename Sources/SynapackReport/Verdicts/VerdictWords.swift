internal import SynapackPolicy
internal import SynapackSupport

extension Verdict {
  /// What became of a check, in the order in which it is to be noticed.
  enum State: String {
    case pass, skipped, waived, note, warning, error
  }

  func state(of check: Check) -> State {
    if check.skipped != nil { return .skipped }
    let open = check.findings.filter { $0.waiver == nil }
    guard let worst = open.map(\.severity).max() else {
      return check.findings.isEmpty ? .pass : .waived
    }
    return switch worst {
    case .note: .note
    case .warning: .warning
    case .error: .error
    }
  }

  /// Whether a check fails the run.
  func fails(_ check: Check) -> Bool { check.findings.contains(where: fails) }

  /// Findings with the check they belong to, the gravest first, otherwise in the order of checks.
  var ordered: [(check: Check, finding: Finding)] {
    let all = checks.flatMap { check in check.findings.map { (check, $0) } }
    return Severity.allCases.reversed().flatMap { severity in
      all.filter { $0.1.severity == severity && $0.1.waiver == nil }
    } + all.filter { $0.1.waiver != nil }
  }

  /// The codes of all findings, each once, ascending.
  var codes: [ErrorCode] { Set(findings.map(\.code)).sorted() }

  /// How many checks ran, and what became of them.
  var tally: String {
    let failed = checks.count { fails($0) }
    let waived = findings.count { $0.waiver != nil }
    let skipped = checks.count { $0.skipped != nil }
    var text = "\(checks.count) \(checks.count == 1 ? "check" : "checks"), \(failed) failed"
    let warned = checks.count { !fails($0) && state(of: $0) == .warning }
    if warned > 0 { text += ", \(warned) \(warned == 1 ? "warning" : "warnings")" }
    if waived > 0 { text += ", \(waived) waived" }
    if skipped > 0 { text += ", \(skipped) left out" }
    return text
  }
}

extension ErrorCode {
  /// The command that tells the cause and what to do.
  var explaining: String { "synapack explain \(self)" }
}

extension Finding {
  /// Everything that one line says of it; steering characters are made visible.
  var words: String {
    var text = message
    // The line of a policy is told with its file.
    let isTold = line != nil && place == line.map { .line($0.line) }
    if let place, !isTold { text += " (\(place))" }
    if let waiver {
      text += "; waived until \(waiver.expires) by \(waiver.owner): \(waiver.reason)"
    }
    return TerminalText.plain(text)
  }

  /// A name for this finding that stays when its numbers change, and wherever the command runs.
  func fingerprint(of bundle: String, in tree: SourceTree) -> String {
    var builder = DigestBuilder()
    let bundle =
      switch tree.place(of: bundle) {
      case .inside(let path): path
      // The folders of a machine are those of no other.
      case .outside: bundle
      }
    for text in [bundle, code.rawValue, rule ?? "", gauge?.measure ?? "", place?.description ?? ""]
    {
      builder.add(text)
    }
    // Without numbers several losses of one rule would be one, so their text counts.
    if gauge == nil { builder.add(message) }
    return builder.digest().description
  }
}
