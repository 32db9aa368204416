import Foundation
import TestSupport
import Testing

/// `validate` with a policy, and signatures, as CI runs them.
struct GateCommandTests {
  private let full = Fixtures.path("bundles/v1/full.synapack")
  private let minimal = Fixtures.path("bundles/v1/minimal.synapack")

  private func policy(_ rules: String, _ rest: String = "") throws -> String {
    let path = try Command.temporaryFolder() + "/policy.yaml"
    try "synapack-policy: 1\nrules:\n\(rules)\n\(rest)".write(
      toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aPolicyThatHoldsPassesAndOneThatDoesNotFails() async throws {
    let good = try policy("  size: {measure: bytes, at-most: 1MiB}")
    #expect(try await Command.run(["validate", full, "--policy", good]).status == 0)
    let bad = try policy("  size: {measure: bytes, at-most: 1kB}")
    let result = try await Command.run(["validate", full, "--policy", bad])
    #expect(result.status == 1)
    #expect(result.output.contains("SYN0722") && result.output.contains("policy.yaml:3"))
  }

  @Test func aBaselineIsComparedWith() async throws {
    let path = try policy("  size: {measure: bytes, worse-by-at-most: 0}")
    let arguments = ["validate", full, "--policy", path]
    #expect(try await Command.run(arguments + ["--baseline", full]).status == 0)
    let worse = try await Command.run(arguments + ["--baseline", minimal, "--json"])
    #expect(worse.status == 1)
    let finding = try #require((worse.json?["findings"] as? [[String: Any]])?.last)
    #expect(finding["code"] as? String == "SYN0723" && finding["rule"] as? String == "size")
    let baseline = try #require(finding["baseline"] as? Int)
    #expect(finding["limit"] as? Int == baseline)
    // Without a baseline the comparison fails too, until it is left out by name.
    #expect(try await Command.run(arguments).status == 1)
    #expect(try await Command.run(arguments + ["--without-baseline"]).status == 0)
    #expect(
      try await Command.run(arguments + ["--without-baseline", "--baseline", full]).status == 2)
  }

  @Test func reportsAreWrittenBesideTheOutput() async throws {
    let folder = try Command.temporaryFolder()
    let path = try policy("  size: {measure: bytes, at-most: 1}")
    let result = try await Command.run([
      "validate", full, "--policy", path, "--report", "junit=\(folder)/j.xml", "--report",
      "sarif=\(folder)/s.sarif", "--format", "github",
    ])
    #expect(result.status == 1 && result.output.contains("::error file="))
    let junit = try #require(FileManager.default.contents(atPath: folder + "/j.xml"))
    #expect(String(decoding: junit, as: UTF8.self).contains("failures=\"1\""))
    #expect(FileManager.default.fileExists(atPath: folder + "/s.sarif"))
    #expect(try await Command.run(["validate", full, "--report", "pdf=x"]).status == 2)
  }

  @Test func aBundleThatCannotBeReadHasAVerdictToo() async throws {
    let folder = try Command.temporaryFolder()
    try "no bundle".write(toFile: folder + "/x", atomically: true, encoding: .utf8)
    let result = try await Command.run([
      "validate", folder + "/x", "--format", "json", "--report", "junit=\(folder)/j.xml",
    ])
    #expect(result.status == 3)
    #expect(result.json?["status"] as? String == "fail")
    #expect((result.json?["findings"] as? [[String: Any]])?.first?["code"] as? String == "SYN0601")
    #expect(FileManager.default.fileExists(atPath: folder + "/j.xml"))
  }

  @Test func waiversEndOnTheirDay() async throws {
    let path = try policy(
      "  size: {measure: bytes, at-most: 1}",
      "waivers:\n  - {rule: size, reason: why, owner: me, expires: 2027-01-31}")
    let arguments = ["validate", full, "--policy", path, "--today"]
    #expect(try await Command.run(arguments + ["2027-01-31"]).status == 0)
    let after = try await Command.run(arguments + ["2027-02-01"])
    #expect(after.status == 1 && after.output.contains("SYN0728"))
    #expect(try await Command.run(arguments + ["tomorrow"]).status == 2)
  }

  @Test func aMistypedPolicyIsAMatterOfUsage() async throws {
    let path = try policy("  size: {measure: bytes, at-mots: 1}")
    let result = try await Command.run(["validate", full, "--policy", path])
    #expect(result.status == 2)
    #expect(result.errors.contains("SYN0721") && result.errors.contains("at-most"))
  }

  @Test func aRevisionOfGitIsReadAndAWrongOneRefused() async throws {
    let folder = try Command.temporaryFolder()
    let script = """
      set -e
      cd '\(folder)'
      git init -q -b main .
      mkdir models && cp '\(full)' models/x.synapack && git add .
      git -c user.name=ci -c user.email=ci@example.com commit -q -m x
      cp '\(minimal)' models/x.synapack
      printf 'synapack-policy: 1\\nrules:\\n  s: {measure: bytes, worse-by-at-most: 0}\\n' > p.yaml
      cd models
      '\(Command.binary)' validate x.synapack --policy ../p.yaml --baseline git:HEAD:x.synapack
      for name in git:HEAD:y.synapack git:no:x.synapack git:HEAD git::x git:--help:x; do
        '\(Command.binary)' validate x.synapack --policy ../p.yaml --baseline $name && exit 99
        [ $? = 2 ] || exit 98
      done 2>&1 | grep -c SYN0732
      """
    let result = try await Command.shell(script)
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    #expect(result.output.hasSuffix("\n10\n"), "\(result.output)")
  }

  /// GitHub looks for the file of an annotation from the root of the repository.
  @Test func annotationsStandAtPathsFromTheRootOfTheRepository() async throws {
    let folder = try Command.temporaryFolder()
    let script = """
      set -e
      mkdir '\(folder)/r' && cd '\(folder)/r' && git init -q . && mkdir -p a/models ci
      cp '\(full)' a/models/x.synapack && ln -s "$PWD" ../link
      printf 'synapack-policy: 1\\nrules:\\n  s: {measure: bytes, at-most: 1}\\n' > ci/p.yaml
      cp ci/p.yaml .. && cd a
      for policy in ../ci/p.yaml '\(folder)/link/ci/p.yaml' ../../p.yaml; do
        '\(Command.binary)' validate models/x.synapack --policy "$policy" --format github || true
      done
      cd ../.. && '\(Command.binary)' validate r/a/models/x.synapack --policy p.yaml --format github
      """
    let result = try await Command.shell(script)
    let errors = result.output.split(separator: "\n").filter { $0.hasPrefix("::error") }
    #expect(
      errors.map { String($0.prefix { $0 != "S" }) } == [
        "::error file=ci/p.yaml,line=3,title=", "::error file=ci/p.yaml,line=3,title=",
        "::error file=a/models/x.synapack,line=1,title=", "::error file=p.yaml,line=3,title=",
      ], "\(result.output) \(result.errors)")
    #expect(
      errors[2].hasSuffix(" [../../p.yaml:3]%0Aexplain: synapack explain SYN0722"), "\(errors[2])")
  }

  @Test func signsAndVerifiesAndTellsWhatIsWrong() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = folder + "/x.synapack"
    try FileManager.default.copyItem(atPath: full, toPath: bundle)
    for pair in ["a", "b"] {
      #expect(try await Command.run(["keygen", "\(folder)/\(pair)"]).status == 0)
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/a.pem")
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    // A key is never replaced, whichever of the pair is there.
    let (open, kept) = (folder + "/a.pub.pem", folder + "/kept")
    let both = try await Command.run(["keygen", folder + "/a"])
    try FileManager.default.moveItem(atPath: open, toPath: kept)
    let secret = try await Command.run(["keygen", folder + "/a"])
    #expect(!FileManager.default.fileExists(atPath: open))
    try FileManager.default.moveItem(atPath: kept, toPath: open)
    for (result, name) in [(both, "a.pub.pem"), (secret, "a.pem")] {
      #expect(result.status == 4 && result.errors.contains("/\(name)\n"), "\(result.errors)")
      #expect(result.errors.contains("help: choose another name, or remove it"))
    }

    func verify(_ pair: String) async throws -> Command.Result {
      try await Command.run(["verify", bundle, "--key", "\(folder)/\(pair).pub.pem"])
    }
    let missing = try await verify("a")
    #expect(missing.status == 5 && missing.errors.contains("SYN0620"))
    #expect(try await Command.run(["sign", bundle, "--key", folder + "/a.pem"]).status == 0)
    #expect(try await verify("a").status == 0)
    let other = try await verify("b")
    #expect(other.status == 5 && other.errors.contains("SYN0622"))
    let wrong = try await Command.run(["verify", bundle, "--key", folder + "/a.pem"])
    #expect(wrong.status == 3 && wrong.errors.contains("SYN0624"))

    let path = folder + "/p.yaml"
    try "synapack-policy: 1\nrules:\n  signed: {signature: a.pub.pem}\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(try await Command.run(["validate", bundle, "--policy", path]).status == 0)
    try FileManager.default.removeItem(atPath: bundle)
    try FileManager.default.copyItem(atPath: minimal, toPath: bundle)
    let changed = try await verify("a")
    #expect(changed.status == 5 && changed.errors.contains("SYN0623"))
    let gate = try await Command.run(["validate", bundle, "--policy", path])
    #expect(gate.status == 1 && gate.output.contains("SYN0726"))
  }

  @Test func aValidationIsAttestedOverTheBytesOfTheBundle() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a"]).status == 0)
    #expect(try await Command.run(["keygen", folder + "/b"]).status == 0)
    let rules = [("  size: {measure: bytes, at-most: 1MiB}", 0), ("  c: {chip: x}", 1)]
    for (rule, status) in rules {
      let path = folder + "/result"
      let made = try await Command.run([
        "validate", full, "--policy", policy(rule), "--attestation", path, "--key",
        folder + "/a.pem",
      ])
      #expect(made.status == Int32(status))
      func verify(_ bundle: String, _ key: String) async throws -> Command.Result {
        try await Command.run(
          ["verify", bundle, "--key", "\(folder)/\(key).pub.pem", "--attestation", path])
      }
      let verified = try await verify(full, "a")
      #expect(verified.status == Int32(status))
      // The chip of the golden bundle is not built in, which is worth a warning.
      #expect(verified.output.hasPrefix(status == 0 ? "verified: WARNED\n" : "verified: FAILED\n"))
      #expect(verified.output.contains("  not checked: chip limits (`"), "\(verified.output)")
      #expect(try await verify(full, "b").status == 5)
      #expect(try await verify(minimal, "a").errors.contains("SYN0623"))
    }
    let signature = try await Command.run([
      "sign", full, "--key", folder + "/a.pem", "-o", folder + "/s",
    ])
    #expect(signature.status == 0)
    let other = try await Command.run([
      "verify", full, "--key", folder + "/a.pub.pem", "--attestation", folder + "/s",
    ])
    #expect(other.status == 5 && other.errors.contains("SYN0621"))
    #expect(other.errors.contains("help: give it with --signature"), "\(other.errors)")
    let mistaken = try await Command.run([
      "verify", full, "--key", folder + "/a.pub.pem", "--signature", folder + "/result",
    ])
    #expect(mistaken.status == 5 && mistaken.errors.contains("help: give it with --attestation"))
    #expect(try await Command.run(["validate", full, "--attestation", "x"]).status == 2)
  }

  /// What a verdict rests on, by digest, and what nobody looked at.
  @Test func anAttestationSaysWhatItRestsOnAndWhatItLacks() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    let bundle = try await Command.convert(
      "mlp", in: folder, ["--timesteps", "2", "--chip", "generic-mesh"])
    #expect(try await Command.run(["sign", bundle, "--key", folder + "/a.pem"]).status == 0)
    for name in ["test_x.npy", "test_y.npy"] {
      try FileManager.default.copyItem(
        atPath: "\(Command.digits)/\(name)", toPath: "\(folder)/\(name)")
    }
    func attested(
      _ rules: String, _ data: String, _ options: [String] = []
    ) async throws -> [String: Any] {
      let path = folder + "/policy.yaml"
      try "synapack-policy: 1\n\(data)rules:\n\(rules)\n".write(
        toFile: path, atomically: true, encoding: .utf8)
      let made = try await Command.run(
        [
          "validate", bundle, "--policy", path, "--attestation", folder + "/r", "--key",
          folder + "/a.pem",
        ] + options)
      #expect(made.status == 0, "\(made.output) \(made.errors)")
      let read = try await Command.run([
        "verify", bundle, "--key", folder + "/a.pub.pem", "--attestation", folder + "/r", "--json",
      ])
      return try #require(read.json)
    }
    func lacks(_ document: [String: Any]) -> [String: String] {
      let items = document["coverage"] as? [[String: Any]] ?? []
      return Dictionary(
        uniqueKeysWithValues: items.filter { $0["checked"] as? Bool == false }.map {
          ($0["subject"] as? String ?? "", $0["lack"] as? String ?? "")
        })
    }
    func files(_ document: [String: Any]) -> [String: String] {
      let items = document["configuration"] as? [[String: Any]] ?? []
      return Dictionary(
        uniqueKeysWithValues: items.map {
          ($0["role"] as? String ?? "", $0["sha256"] as? String ?? "")
        })
    }
    let whole = try await attested(
      """
        size: {measure: bytes, worse-by-at-most: 0}
        accuracy: {measure: accuracy, at-least: 20%}
        chip: {chip: generic-mesh}
        signed: {signature: a.pub.pem}
      """, "data: {inputs: test_x.npy, labels: test_y.npy, limit: 20}\n", ["--baseline", bundle])
    // Nobody but who has the calibration inputs can tell the rates of a placement.
    #expect(Array(lacks(whole).keys) == ["rates"], "\(whole)")
    #expect(whole["failOn"] as? String == "error")
    let found = files(whole)
    #expect(
      found.keys.sorted() == ["baseline", "chip", "inputs", "key", "labels", "policy"], "\(whole)")
    let sums = try await Command.shell("cd '\(folder)' && sha256sum * | sort -k 2")
    for (role, name) in [
      ("baseline", "mlp.synapack"), ("inputs", "test_x.npy"), ("labels", "test_y.npy"),
      ("policy", "policy.yaml"), ("key", "a.pub.pem"),
    ] {
      #expect(sums.output.contains("\(found[role] ?? "none")  \(name)\n"), "\(role)")
    }
    let part = try await attested(
      "  size: {measure: bytes, worse-by-at-most: 0}", "", ["--without-baseline"])
    #expect(
      lacks(part) == [
        "accuracy": "the policy names no data", "baseline": "no baseline was given",
        "rates": lacks(whole)["rates"], "signature": "no rule of the policy asks for one",
        "size: bytes worse-by-at-most": "there is no baseline to compare with",
      ])
    #expect(files(part).keys.sorted() == ["chip", "policy"])
    let verdict = try await Command.run(["validate", minimal, "--json"])
    #expect(
      lacks(try #require(verdict.json)) == [
        "accuracy": "no policy was given", "baseline": "no baseline was given",
        "signature": "no policy was given", "chip limits": "the bundle is not placed",
        "rates": "the bundle is not placed",
        "conformance replay": "the bundle has no conformance vector",
      ])
  }

  /// A day that was set stands under the signature, with what it let through.
  @Test func anAttestationStatesItsDayAndItsWaivers() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    let rules = try policy(
      "  size: {measure: bytes, at-most: 1}\n  fine: {measure: bytes, at-most: 1MiB}",
      """
      waivers:
        - {rule: size, reason: ships later, owner: vision, expires: 2026-11-01}
      """)
    for (day, status) in [("2026-11-01", Int32(0)), ("2026-11-02", 1)] {
      let made = try await Command.run([
        "validate", full, "--policy", rules, "--today", day, "--attestation", folder + "/r",
        "--key", folder + "/a.pem", "--json",
      ])
      let verify = [
        "verify", full, "--key", folder + "/a.pub.pem", "--attestation", folder + "/r",
      ]
      let read = try await Command.run(verify + ["--json"])
      let waiver = [
        "rule": "size", "reason": "ships later", "owner": "vision", "expires": "2026-11-01",
      ]
      for result in [made, read] {
        #expect(result.status == status, "\(result.errors)")
        #expect(result.json?["day"] as? String == day)
        #expect(
          result.json?["waivers"] as? [[String: String]] == (status == 0 ? [waiver] : []))
      }
      let lines = try await Command.run(verify).output
      #expect(lines.contains("  waivers looked at on \(day)\n"), "\(lines)")
      #expect(
        lines.contains("  waived: size until 2026-11-01 by vision: ships later\n")
          == (status == 0), "\(lines)")
    }
  }

  @Test func aLargerChangeThanWantedFails() async throws {
    let same = try await Command.run(["diff", full, full, "--require", "none", "--json"])
    #expect(same.status == 0 && same.json?["level"] as? String == "none")
    let other = try await Command.run(["diff", minimal, full, "--require", "minor"])
    #expect(other.status == 1 && other.errors.contains("SYN0731"))
    #expect(try await Command.run(["diff", minimal, full]).status == 0)
    #expect(try await Command.run(["diff", minimal, full, "--require", "tiny"]).status == 2)
  }

  @Test func whatIsDamagedIsNeverSigned() async throws {
    let folder = try Command.temporaryFolder()
    try "no bundle".write(toFile: folder + "/x", atomically: true, encoding: .utf8)
    #expect(try await Command.run(["keygen", folder + "/a"]).status == 0)
    let result = try await Command.run(["sign", folder + "/x", "--key", folder + "/a.pem"])
    #expect(result.status == 3)
    #expect(!FileManager.default.fileExists(atPath: folder + "/x.sig"))
  }

  /// A chip of one's own: without its file its limits are unknown, with it they are held.
  @Test func aChipFileIsHeldAgainstThePlacement() async throws {
    let folder = try Command.temporaryFolder()
    let mesh = try await Command.run(["chips", "generic-mesh", "--source"]).output
    func chip(_ id: String, _ neurons: Int, _ name: String) throws -> String {
      let path = folder + "/\(name).yaml"
      try mesh.replacing("id: generic-mesh", with: "id: \(id)")
        .replacing("capacity: 1024", with: "capacity: \(neurons)")
        .write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
    let own = try chip("own-mesh", 64, "own")
    let bundle = try await Command.convert("mlp", in: folder, ["--timesteps", "4", "--chip", own])
    func validate(_ options: String...) async throws -> Command.Result {
      try await Command.run(["validate", bundle] + options)
    }
    let unknown = try await validate()
    #expect(unknown.status == 0 && unknown.output.contains("SYN0502"))
    let held = try await validate("--chip", own, "--fail-on", "warning")
    #expect(held.status == 0 && !held.output.contains("SYN0502"), "\(held.output)")
    // A rule for the chip is not kept by its name alone.
    let rule = try policy("  c: {chip: own-mesh}")
    let named = try await validate("--policy", rule)
    #expect(named.status == 1 && named.output.contains("SYN0730"), "\(named.output)")
    #expect(named.output.contains("give its file with --chip"))
    #expect(try await validate("--policy", rule, "--chip", own).status == 0)
    let resource = try policy("  m: {measure: 'resource:neuron', at-most: 1e6}")
    let nearest = try await validate("--policy", resource, "--chip", own)
    #expect(nearest.status == 1 && nearest.output.contains("the nearest is `neurons`"))
    let narrow = try await validate("--chip", chip("own-mesh", 8, "narrow"))
    #expect(narrow.status == 1 && narrow.output.contains("SYN0504"), "\(narrow.output)")
    let other = try await validate("--chip", "generic-mesh")
    #expect(other.status == 1 && other.output.contains("not on `generic-mesh`"))
    #expect(try await validate("--chip", "nobody").status == 2)
    let unplaced = try await Command.run(["validate", minimal, "--chip", own])
    #expect(unplaced.status == 1 && unplaced.output.contains("no placement"))
  }

  @Test func noReportReplacesWhatIsRead() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = folder + "/x.synapack"
    try FileManager.default.copyItem(atPath: full, toPath: bundle)
    let before = FileManager.default.contents(atPath: bundle)
    let rules = try policy("  s: {measure: bytes, at-most: 1000000}")
    for arguments in [
      ["--report", "junit=" + bundle], ["--policy", rules, "--report", "json=" + rules],
      ["--report", "junit=\(folder)/a", "--report", "sarif=\(folder)/a"],
      ["--attestation", bundle, "--key", bundle], ["--baseline", bundle],
    ] {
      let result = try await Command.run(["validate", bundle] + arguments)
      #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(arguments)")
    }
    #expect(FileManager.default.contents(atPath: bundle) == before)
    #expect(!FileManager.default.fileExists(atPath: folder + "/a"))
  }

  @Test func namesOfFilesStartNoCommand() async throws {
    let folder = try Command.temporaryFolder()
    let name = folder + "/k\n::error::x"
    let made = try await Command.run(["keygen", name])
    #expect(made.status == 0)
    let again = try await Command.run(["keygen", name])
    #expect(again.status == 4 && again.errors.contains("SYN000"))
    let typed = try await Command.run(["validate", full, "\n::error::y\u{1b}[31m"])
    for errors in [made.errors, again.errors, typed.errors] {
      let lines = errors.split(separator: "\n")
      #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("::") }, "\(errors)")
      #expect(!errors.contains("\u{1b}"), "\(errors)")
    }
  }

  /// The model of a policy answers once for a bundle and its baseline; which of them comes first
  /// changes no figure.
  @Test func aModelAnswersForBundleAndBaseline() async throws {
    let folder = try Command.temporaryFolder()
    let bundle = try await Command.convert("mlp", in: folder, ["--timesteps", "2"])
    let other = try await Command.convert(
      "mlp", in: Command.temporaryFolder(),
      ["--timesteps", "2", "--method", "max", "--weight-bits", "2"])
    let path = folder + "/policy.yaml"
    try """
    synapack-policy: 1
    data:
      inputs: \(Command.digits)/test_x.npy
      labels: \(Command.digits)/test_y.npy
      model: \(Command.digits)/mlp.torchscript17.onnx
      limit: 60
    rules:
      drop: {measure: accuracy-drop, worse-by-at-most: 1000}
      agreement: {measure: agreement, worse-by-at-most: 0.99}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    func numbers(_ bundle: String, _ baseline: String) async throws -> [[Double]] {
      let result = try await Command.run([
        "validate", bundle, "--policy", path, "--baseline", baseline, "--json",
      ])
      let checks = (result.json?["checks"] as? [[String: Any]]) ?? []
      return checks.filter { $0["group"] as? String == "policy" }.map { check in
        ["measured", "baseline"].compactMap { check[$0] as? Double }
      }
    }
    let forward = try await numbers(bundle, other)
    let backward = try await numbers(other, bundle)
    #expect(forward.map(\.count) == [2, 2] && forward[0][0] != forward[0][1], "\(forward)")
    #expect(backward == forward.map { $0.reversed() }, "\(backward)")
  }
}
