import Foundation
import SynapackPolicy
import SynapackReport
import SynapackSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Every form of a verdict: what its reader requires, and that no name steers it.
struct VerdictFormatTests {
  private let verdict = HostileVerdict.verdict

  private func text(_ format: VerdictFormat) -> String { format.document(verdict) }

  private func json(_ format: VerdictFormat) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text(format).utf8))
  }

  @Test(arguments: VerdictFormat.allCases)
  func nothingSteersATerminalOrALog(format: VerdictFormat) {
    let allowed: Set<Unicode.Scalar> = ["\n"]
    for scalar in text(format).unicodeScalars where !allowed.contains(scalar) {
      let steers =
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x200B...0x200F).contains(scalar.value) || (0x2028...0x202E).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value)
      #expect(!steers, "U+\(String(scalar.value, radix: 16)) in \(format)")
    }
    #expect(text(format).hasSuffix("\n"))
  }

  @Test(arguments: VerdictFormat.allCases.filter { $0 != .github })
  func noLineIsACommandToARunner(format: VerdictFormat) {
    for line in text(format).split(separator: "\n") {
      #expect(!line.drop { $0 == " " }.hasPrefix("::"), "\(line)")
    }
  }

  @Test func gitHubSeesOneCommandForEachFinding() {
    let lines = text(.github).split(separator: "\n")
    let commands = lines.filter { $0.hasPrefix("::") }
    #expect(!lines.contains { $0.contains("##[") })
    #expect(commands.count == HostileVerdict.names.count && lines.count == commands.count + 1)
    for command in commands {
      let form = /::(error|warning|notice) file=[^:,]*,line=[0-9]+,title=[^:,]*::.*/
      #expect(command.wholeMatch(of: form) != nil, "\(command)")
    }
    // The gravest come first, as only ten are shown.
    let levels = commands.map { $0.dropFirst(2).prefix { $0 != " " } }
    #expect(levels.firstIndex(of: "error") == 0)
    #expect(levels.lastIndex(of: "error") ?? 0 < levels.firstIndex(of: "warning") ?? 0)
  }

  /// Jenkins' junit-10.xsd: which elements hold which, and the attributes that each may and must have.
  private static let schema: [String: (inside: [String], may: [String], must: [String])] = [
    "testsuites": (["testsuite"], ["name", "time", "tests", "failures", "errors"], []),
    "testsuite": (
      ["testcase"], ["skipped", "time", "timestamp", "hostname", "id", "package", "file"],
      ["name", "tests", "failures", "errors"]
    ),
    "testcase": (
      ["skipped", "error", "failure", "system-out", "system-err"], ["classname", "time", "group"],
      ["name"]
    ),
    "failure": ([], ["type", "message"], []), "skipped": ([], ["type", "message"], []),
    "system-out": ([], [], []),
  ]

  @Test func jUnitKeepsTheSchemaAndItsCounts() throws {
    let document = try XMLDocument(xmlString: text(.junit))
    var open = [try #require(document.rootElement())]
    #expect(open[0].name == "testsuites")
    var names = Set<String>()
    var counts: [String: Int] = [:]
    while let element = open.popLast() {
      let name = element.name ?? ""
      counts[name, default: 0] += 1
      let (inside, may, must) = try #require(Self.schema[name], "\(name)")
      let attributes = (element.attributes ?? []).compactMap(\.name)
      #expect(attributes.allSatisfy { (may + must).contains($0) }, "\(name) \(attributes)")
      #expect(must.allSatisfy(attributes.contains))
      let children = (element.children ?? []).compactMap { $0 as? XMLElement }
      #expect(children.allSatisfy { inside.contains($0.name ?? "") })
      if name == "testcase" {
        let title = element.attribute(forName: "name")?.stringValue ?? ""
        #expect(names.insert(title).inserted, "GitLab drops the second `\(title)`")
      }
      open += children
    }
    let suite = try #require(document.rootElement()?.children?.first as? XMLElement)
    #expect(suite.attribute(forName: "tests")?.stringValue == "\(counts["testcase"] ?? 0)")
    #expect(suite.attribute(forName: "failures")?.stringValue == "\(counts["failure"] ?? 0)")
    #expect(suite.attribute(forName: "skipped")?.stringValue == "\(counts["skipped"] ?? 0)")
    #expect((counts["failure"] ?? 0) > 0 && (counts["skipped"] ?? 0) > 1)
  }

  @Test func sarifHasWhatGitHubRequires() throws {
    let document = try #require(try json(.sarif) as? [String: Any])
    #expect(document["version"] as? String == "2.1.0" && document["$schema"] is String)
    let run = try #require((document["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == HostileVerdict.names.count)
    for rule in rules {
      for key in ["shortDescription", "fullDescription", "help"] {
        let text = (rule[key] as? [String: Any])?["text"] as? String ?? ""
        #expect((1...1024).contains(text.count), "\(key)")
      }
    }
    var prints = Set<String>()
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      #expect(["note", "warning", "error"].contains(result["level"] as? String))
      let physical = try #require(
        (result["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any])
      let uri = (physical["artifactLocation"] as? [String: Any])?["uri"] as? String ?? ""
      #expect(uri.wholeMatch(of: /folder\/([A-Za-z0-9._~\/-]|%[0-9A-F]{2})+/) != nil, "\(uri)")
      let print = (result["partialFingerprints"] as? [String: Any])?["primaryLocationLineHash"]
      #expect(prints.insert(print as? String ?? "").inserted)
    }
    #expect(results.contains { $0["suppressions"] != nil })
  }

  @Test func gitLabHasItsFieldsAndEachFingerprintOnce() throws {
    let entries = try #require(try json(.gitlab) as? [[String: Any]])
    #expect(entries.count == verdict.findings.count { $0.waiver == nil })
    for entry in entries {
      #expect(!(entry["description"] as? String ?? "").isEmpty)
      #expect(["info", "minor", "critical"].contains(entry["severity"] as? String))
      let location = entry["location"] as? [String: Any]
      #expect((location?["lines"] as? [String: Any])?["begin"] is Int)
    }
    #expect(Set(entries.compactMap { $0["fingerprint"] as? String }).count == entries.count)
  }

  @Test func markdownHoldsNoMarkupOfOthers() {
    let lines = text(.markdown).split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.filter { $0.hasPrefix("|") }
    #expect(rows.count == verdict.checks.count + 2)
    for row in rows { #expect(row.count { $0 == "|" } == 7, "\(row)") }
    for sign in ["<", "`", "**", "](", "@", "http:", "www.", "${"] {
      #expect(!text(.markdown).contains(sign), "\(sign)")
    }
  }

  @Test func jsonKeepsItsContract() throws {
    let document = try #require(try json(.json) as? [String: Any])
    #expect(document["schema"] as? String == "synapack.validate/1")
    #expect(document["status"] as? String == "fail")
    let findings = try #require(document["findings"] as? [[String: Any]])
    for key in ["code", "severity", "message", "where", "rule", "measured", "limit", "margin"] {
      #expect(findings.allSatisfy { $0[key] != nil }, "\(key)")
    }
    #expect(findings[0]["margin"] as? Double == -1.5)
    #expect(document["day"] is NSNull)
    let waivers = try #require(document["waivers"] as? [[String: String]])
    #expect(waivers.count == findings.count { $0["waiver"] != nil } && !waivers.isEmpty)
  }

  @Test func jsonNamesTheDayAndEachWaiverOnce() throws {
    func waived(_ rule: String, _ reason: String) -> Finding {
      var finding = Finding(.policyLimit, .error, "too much")
      finding.rule = rule
      finding.waiver = WaiverNote(reason: reason, owner: "team", expires: "2027-01-31")
      return finding
    }
    let findings = [
      waived("b", "x"), waived("a", "x"), waived("b", "x"), Finding(.policyLimit, .note, "open"),
    ]
    let verdict = Verdict(
      bundle: "b", checks: [Check(.policy, "c", findings: findings)], failOn: .error)
    let text = VerdictFormat.json.document(verdict, on: CalendarDay("2026-11-01"))
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document["day"] as? String == "2026-11-01")
    #expect(
      document["waivers"] as? [[String: String]]
        == ["b", "a"].map {
          ["rule": $0, "reason": "x", "owner": "team", "expires": "2027-01-31"]
        })
  }

  @Test func aFingerprintStaysWhenTheNumbersChange() throws {
    func prints(_ measured: Double) throws -> [String] {
      var finding = Finding(.policyLimit, .error, "bytes is \(measured)")
      finding.rule = "size"
      finding.gauge = Gauge(measure: "bytes", measured: measured, limit: 1, margin: 1 - measured)
      let verdict = Verdict(
        bundle: "b", checks: [Check(.policy, "size", findings: [finding])], failOn: .error)
      let text = VerdictFormat.gitlab.document(verdict)
      let entries = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      return (entries ?? []).compactMap { $0["fingerprint"] as? String }
    }
    #expect(try prints(2) == prints(3))
  }

  @Test func warningsThatFailNothingAreCountedAndTheBundleIsNamed() {
    func verdict(_ severities: [Severity], failOn: Severity = .error) -> Verdict {
      let checks = severities.enumerated().map { index, severity in
        Check(.policy, "c\(index)", findings: [Finding(.regression, severity, "worse")])
      }
      return Verdict(
        bundle: "b", checks: checks + [Check(.bundle, "ok", findings: [])], failOn: failOn)
    }
    for (verdict, last) in [
      (verdict([.warning]), "pass: b: 2 checks, 0 failed, 1 warning"),
      (verdict([.warning, .note, .warning]), "pass: b: 4 checks, 0 failed, 2 warnings"),
      (verdict([.warning, .error]), "fail: b: 3 checks, 1 failed, 1 warning"),
      (verdict([.warning], failOn: .warning), "fail: b: 2 checks, 1 failed"),
      (verdict([.note]), "pass: b: 2 checks, 0 failed"),
    ] {
      func lines(_ format: VerdictFormat) -> [Substring] {
        format.document(verdict).split(separator: "\n")
      }
      #expect(lines(.text).last.map(String.init) == last)
      let github = "synapack: " + last.replacing(":", with: ",")
      #expect(lines(.github).last.map(String.init) == github)
      #expect(lines(.markdown)[1] == last.split(separator: ": ").last)
    }
  }

  /// Of each code once, however many findings have it, but in entries that are shown alone.
  @Test(arguments: VerdictFormat.allCases)
  func everyFormLeadsToTheExplanation(format: VerdictFormat) throws {
    let findings = [
      Finding(.regression, .error, "x"), Finding(.regression, .warning, "y"),
      Finding(.unusedWaiver, .warning, "z"),
    ]
    let verdict = Verdict(
      bundle: "b", checks: [Check(.policy, "c", findings: findings)], failOn: .error)
    let text = format.document(verdict)
    let commands = ["SYN0723", "SYN0729"].map { text.ranges(of: "synapack explain \($0)").count }
    switch format {
    case .text, .markdown: #expect(commands == [1, 1])
    // A failure and what is no failure stand in texts of their own.
    case .junit, .github, .gitlab: #expect(commands == [2, 1])
    case .json, .sarif:
      for code in [ErrorCode.regression, .unusedWaiver] {
        let remedy = try #require(ErrorCatalog.explanation(of: code)).remedy
        #expect(text.ranges(of: JSON.string(remedy).text()).count == 1, "\(code)")
      }
    }
  }

  @Test func aVerdictWithoutFindingsPasses() throws {
    let verdict = Verdict(
      bundle: "b", checks: [Check(.bundle, "container", findings: [])], failOn: .note)
    #expect(VerdictFormat.text.document(verdict) == "ok  container\npass: b: 1 check, 0 failed\n")
    #expect(VerdictFormat.gitlab.document(verdict) == "[]\n")
    #expect(VerdictFormat.junit.document(verdict).contains("failures=\"0\""))
  }
}
