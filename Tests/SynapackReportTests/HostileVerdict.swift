import SynapackPolicy
import SynapackSupport

/// A verdict whose every name tries to steer who reads it.
enum HostileVerdict {
  static let names = [
    "\u{1B}]0;title\u{07}", "x\n::error file=x::pwned", "::stop-commands::t", "a]]>b",
    "<script>alert(1)</script>", "a|b|c", "%0A::warning::x", "\u{202E}gnp.exe", "\0\u{1}\u{FFFE}",
    "`code` **bold** [link](http://evil) ![i](x) @team #1 www.evil.com", "\"'&", "\r\n- item",
    "${{ secrets.TOKEN }}", "$(reboot)", "##[stop-commands]t",
    "[a](http://evil) \\[b](1) {0} }{1}{",
  ]

  static var verdict: Verdict {
    let checks = names.enumerated().map { index, name in
      var finding = Finding(
        .policyLimit, Severity.allCases[index % 3], "message \(name)", at: .layer(name))
      finding.rule = name
      finding.line = SourceLine(path: "folder/\(name)", line: index + 1)
      let gauge = Gauge(
        measure: name, unit: name, measured: 2.5, limit: 1, margin: -1.5, baseline: 2)
      finding.gauge = gauge
      if index % 4 == 3 {
        finding.waiver = WaiverNote(reason: name, owner: name, expires: "2027-01-31")
      }
      return Check(.policy, "\(index) \(name)", findings: [finding], gauge: gauge)
    }
    return Verdict(
      bundle: names.joined(), checks: checks + [good, left], failOn: .error,
      coverage: names.map { Coverage($0, lack: $0) } + [Coverage("accuracy", lack: nil)])
  }

  private static let good = Check(.bundle, "container", findings: [])
  private static let left = Check(.policy, "growth", findings: [], skipped: "no baseline")
}
