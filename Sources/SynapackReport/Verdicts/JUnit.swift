internal import SynapackPolicy
internal import SynapackSupport

/// JUnit XML as the schema of Jenkins' xUnit plug-in (junit-10.xsd) has it.
///
/// GitLab shows the text of a failure and not its `message`, and drops test cases with the name of
/// another; so the text stands in both places, and names are unique.
enum JUnit {
  static func document(_ verdict: Verdict) -> String {
    let failures = verdict.checks.count { verdict.fails($0) }
    let skipped = verdict.checks.count { !verdict.fails($0) && isLeftOut($0, verdict) }
    let counts = "tests=\"\(verdict.checks.count)\" failures=\"\(failures)\" errors=\"0\""
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites name=\"synapack\" \(counts)>",
      "  <testsuite name=\"\(XMLText.escaped(verdict.bundle))\" \(counts) skipped=\"\(skipped)\">",
    ]
    for check in verdict.checks { lines += testCase(check, verdict) }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func isLeftOut(_ check: Check, _ verdict: Verdict) -> Bool {
    [.skipped, .waived].contains(verdict.state(of: check))
  }

  private static func testCase(_ check: Check, _ verdict: Verdict) -> [String] {
    let head =
      "    <testcase classname=\"\(XMLText.escaped(verdict.bundle)).\(check.group.rawValue)\" "
      + "name=\"\(XMLText.escaped(check.name))\""
    let failing = check.findings.filter(verdict.fails)
    let others = check.findings.filter { !verdict.fails($0) }
    var inside: [String] = []
    if let first = failing.first {
      inside.append(
        element(
          "failure", " type=\"\(first.code)\" message=\"\(XMLText.escaped(first.words))\"",
          failing.map(text) + explanations(of: failing)))
    } else if isLeftOut(check, verdict) {
      let reason = check.skipped ?? others.first?.words ?? ""
      inside.append("<skipped message=\"\(XMLText.escaped(reason))\"/>")
    }
    if !others.isEmpty {
      inside.append(element("system-out", "", others.map(text) + explanations(of: others)))
    }
    guard !inside.isEmpty else { return [head + "/>"] }
    return [head + ">"] + inside.map { "      " + $0 } + ["    </testcase>"]
  }

  private static func element(_ name: String, _ attributes: String, _ texts: [String]) -> String {
    "<\(name)\(attributes)>" + texts.map(XMLText.escaped).joined(separator: "\n") + "</\(name)>"
  }

  private static func explanations(of findings: [Finding]) -> [String] {
    Set(findings.map(\.code)).sorted().map { "explain: \($0.explaining)" }
  }

  private static func text(_ finding: Finding) -> String {
    let line = finding.line.map { " (\($0.path):\($0.line))" } ?? ""
    return "\(finding.code) \(finding.severity.rawValue): \(finding.words)\(line)"
  }
}
