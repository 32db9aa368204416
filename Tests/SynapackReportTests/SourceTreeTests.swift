import Foundation
import SynapackPolicy
import SynapackReport
import SynapackSupport
import Testing

/// Annotations stand at paths from the root of the repository, wherever in it the command ran.
struct SourceTreeTests {
  /// A command that ran in `/srv/repository/ci`.
  private let tree = SourceTree(root: "/srv/repository") { path in
    path.hasPrefix("/") ? path : "/srv/repository/ci/" + path
  }

  private func verdict(_ bundle: String, policy: String?) -> Verdict {
    var finding = Finding(.policyLimit, .error, "too large")
    finding.line = policy.map { SourceLine(path: $0, line: 7) }
    return Verdict(
      bundle: bundle, checks: [Check(.policy, "size", findings: [finding])], failOn: .error)
  }

  private func json(_ format: VerdictFormat, _ verdict: Verdict) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(format.document(verdict, in: tree).utf8))
  }

  /// What the three forms say of the one finding: a path and a line.
  private func places(_ verdict: Verdict) throws -> [String] {
    let command = VerdictFormat.github.document(verdict, in: tree).split(separator: "::")[0]
    let entry = (try json(.gitlab, verdict) as? [[String: Any]])?.first?["location"]
    let location = try #require(entry as? [String: Any])
    let line = (location["lines"] as? [String: Int])?["begin"] ?? 0
    let run = ((try json(.sarif, verdict) as? [String: Any])?["runs"] as? [[String: Any]])?.first
    let result = (run?["results"] as? [[String: Any]])?.first
    let physical =
      (result?["locations"] as? [[String: Any]])?.first?["physicalLocation"] as? [String: Any]
    let artifact = try #require(physical?["artifactLocation"] as? [String: String])
    let start = (physical?["region"] as? [String: Int])?["startLine"] ?? 0
    let base = artifact["uriBaseId"].map { $0 + " " } ?? ""
    return [
      String(command), "\(location["path"] ?? ""):\(line)",
      "\(base)\(artifact["uri"] ?? ""):\(start)",
    ]
  }

  @Test(arguments: [
    ("m.synapack", "policy.yaml", "ci/policy.yaml", 7),
    ("m.synapack", "../p.yaml", "p.yaml", 7), ("m.synapack", "./a/../p.yaml", "ci/p.yaml", 7),
    ("m.synapack", "/srv/repository/p.yaml", "p.yaml", 7),
    ("../models/m", nil, "models/m", 1),
    // A policy that all repositories share is shown at the bundle.
    ("m", "/shared/p.yaml", "ci/m", 1), ("m", "../../p.yaml", "ci/m", 1),
  ])
  func aFileOfTheRepositoryIsNamedFromItsRoot(
    bundle: String, policy: String?, path: String, line: Int
  ) throws {
    let verdict = verdict(bundle, policy: policy)
    #expect(
      try places(verdict) == [
        "error file=\(path),line=\(line),title=SYN0722", "\(path):\(line)",
        "%SRCROOT% \(path):\(line)",
      ])
    let outside = policy.map { !path.hasSuffix($0.split(separator: "/").last ?? "") } ?? false
    for format in [VerdictFormat.github, .gitlab, .sarif] {
      let text = format.document(verdict, in: tree).replacing("\\", with: "")
      // In the words, where it is shown nowhere else.
      #expect(text.contains("[\(policy ?? ""):7") == outside, "\(format): \(text)")
    }
  }

  @Test(arguments: ["/shared/m", "../../../shared/m", "/srv/repository2/m", "/srv/repository"])
  func aFileOutsideIsNoAnnotationOfAnother(bundle: String) throws {
    let places = try places(verdict(bundle, policy: nil))
    let absolute = bundle.hasPrefix("/") ? bundle : "/shared/m"
    #expect(places == ["error title=SYN0722", "\(absolute):1", "file://\(absolute):1"])
  }

  @Test func aFingerprintIsTheSameFromEveryFolder() throws {
    let other = SourceTree(root: "/elsewhere") { "/elsewhere/" + $0 }
    let here = VerdictFormat.gitlab.document(verdict("m", policy: "p"), in: tree)
    let there = VerdictFormat.gitlab.document(verdict("ci/m", policy: "ci/p"), in: other)
    func prints(_ text: String) throws -> [String] {
      let entries = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      return (entries ?? []).compactMap { $0["fingerprint"] as? String }
    }
    #expect(try prints(here) == prints(there) && prints(here).count == 1)
  }
}
