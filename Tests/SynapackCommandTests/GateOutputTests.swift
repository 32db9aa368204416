import Foundation
import TestSupport
import Testing

/// What `validate`, `sign`, `keygen` and `verify` write where, and what their status says of it.
struct GateOutputTests {
  private let full = Fixtures.path("bundles/v1/full.synapack")

  private func policy(_ rules: String, in folder: String) throws -> String {
    let path = folder + "/policy.yaml"
    try "synapack-policy: 1\nrules:\n  \(rules)\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  // MARK: - Reports that cannot be written

  /// The others are written, and a bundle that fails keeps its status.
  @Test(arguments: [("at-most: 1MiB", Int32(4), "pass"), ("at-most: 1", 1, "fail")])
  func oneReportThatCannotBeWrittenHidesNothing(
    bound: String, status: Int32, verdict: String
  ) async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    let result = try await Command.run([
      "validate", full, "--policy", policy("s: {measure: bytes, \(bound)}", in: folder),
      "--report", "junit=/nonexistent/j.xml", "--report", "sarif=\(folder)/s.sarif",
      "--report", "markdown=/nonexistent/m.md", "--attestation", folder + "/attested", "--key",
      folder + "/a.pem", "--json",
    ])
    #expect(result.status == status, "\(result.errors)")
    #expect(result.json?["status"] as? String == verdict)
    #expect(exists(folder + "/s.sarif") && exists(folder + "/attested"))
    #expect(result.errors.contains("/nonexistent/j.xml"))
    #expect(result.errors.contains("/nonexistent/m.md"))
  }

  @Test func aFullStandardOutputHidesNoVerdict() async throws {
    let folder = try Command.temporaryFolder()
    for (bound, status) in [("at-most: 1MiB", Int32(4)), ("at-most: 1", 1)] {
      let rules = try policy("s: {measure: bytes, \(bound)}", in: folder)
      let result = try await Command.shell(
        "'\(Command.binary)' validate '\(full)' --policy '\(rules)' --report 'json=\(folder)/v' "
          + "> /dev/full")
      #expect(result.status == status && result.errors.contains("SYN0004"), "\(result.errors)")
      #expect(exists(folder + "/v"))
    }
  }

  /// No verdict is lost to a reader that goes before it has read all.
  @Test func aReaderThatHasGoneHidesNoVerdict() async throws {
    let folder = try Command.temporaryFolder()
    let fine = try policy("s: {measure: bytes, at-most: 1MiB}", in: folder)
    let bad = try policy("s: {measure: bytes, at-most: 1}", in: Command.temporaryFolder())
    for (arguments, status) in [
      ("validate '\(full)' --policy '\(fine)'", "4"), ("validate '\(full)' --policy '\(bad)'", "1"),
      ("inspect '\(full)'", "4"), ("explain", "4"), ("--help", "4"),
    ] {
      // The pipe has no reader any more when the command begins.
      let result = try await Command.shell(
        "{ sleep 0.2; '\(Command.binary)' \(arguments); echo $? >'\(folder)/status'; } | exec 0<&-")
      let text = try String(contentsOfFile: folder + "/status", encoding: .utf8)
      #expect(text == status + "\n", "\(arguments): \(result.errors)")
      // Only a verdict is worth a word to nobody.
      #expect(result.errors.contains("SYN0004") == arguments.hasPrefix("validate"))
    }
  }

  @Test func aBundleThatCannotBeReadKeepsItsStatusToo() async throws {
    let folder = try Command.temporaryFolder()
    try "no bundle".write(toFile: folder + "/x", atomically: true, encoding: .utf8)
    let result = try await Command.run([
      "validate", folder + "/x", "--report", "junit=/nonexistent/j.xml",
    ])
    #expect(result.status == 3 && result.errors.contains("SYN0004"), "\(result.errors)")
  }

  /// Whatever of a validation cannot be opened ends with the one status that never means passed.
  @Test func whatCannotBeOpenedIsAMatterOfTheFileSystem() async throws {
    let folder = try Command.temporaryFolder()
    let none = folder + "/none"
    let rules = try policy("s: {measure: bytes, worse-by-at-most: 0}", in: folder)
    let data = try policy(
      "s: {measure: synops, at-most: 1}\ndata: {inputs: none}", in: Command.temporaryFolder())
    let signed = try policy("s: {signature: none.pem}", in: Command.temporaryFolder())
    for arguments in [
      [none], [full, "--policy", none], [full, "--policy", signed],
      [full, "--policy", rules, "--baseline", none],
      [full, "--policy", data], [full, "--chip", none + ".yaml"],
      [full, "--attestation", folder + "/a", "--key", none],
    ] {
      let result = try await Command.run(["validate"] + arguments)
      #expect(result.status == 4 && result.errors.contains("SYN0001"), "\(arguments)")
      // No place is told twice.
      for line in result.errors.split(separator: "\n") where line.hasPrefix("  --> ") {
        let places = line.dropFirst(6).split(separator: ", in ")
        #expect(Set(places).count == places.count, "\(line)")
      }
    }
    let help = try await Command.run(["help", "validate"])
    let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("4 a failure of the file system, in which case nothing may be taken as"))
  }

  @Test func aKeyThatCannotSignIsRefusedBeforeAnythingIsWritten() async throws {
    let folder = try Command.temporaryFolder()
    let result = try await Command.run([
      "validate", full, "--report", "json=\(folder)/v", "--attestation", folder + "/a", "--key",
      full,
    ])
    #expect(result.status == 3 && result.errors.contains("SYN0624"), "\(result.errors)")
    #expect(!exists(folder + "/v"))
  }

  // MARK: - Refusals

  /// What the bundle is to be judged by is refused: the reports say so, and the status stays.
  @Test func aRefusedPolicyOrBaselineIsTheOneFindingOfTheReports() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    let bad = try policy("s: {measure: bytes, at-mots: 1}", in: folder)
    let fine = try policy(
      "s: {measure: bytes, worse-by-at-most: 0}", in: Command.temporaryFolder())
    for (options, status, code) in [
      (["--policy", bad], Int32(2), "SYN0721"),
      (["--policy", fine, "--baseline", "git:"], 2, "SYN0732"),
      (["--policy", fine, "--baseline", folder + "/none"], 4, "SYN0001"),
      (["--policy", fine, "--baseline", folder + "/a.pem"], 3, "SYN0"),
      (["--chip", "nobody"], 2, "SYN0502"),
    ] {
      let result = try await Command.run(
        ["validate", full] + options + [
          "--format", "github", "--report", "junit=\(folder)/j.xml", "--attestation",
          folder + "/attested", "--key", folder + "/a.pem",
        ])
      #expect(result.status == status && result.errors.contains(code), "\(result.errors)")
      #expect(result.output.hasPrefix("::error file="), "\(result.output)")
      #expect(result.output.split(separator: "\n").count == 2, "\(result.output)")
      let junit = try String(contentsOfFile: folder + "/j.xml", encoding: .utf8)
      #expect(junit.contains("tests=\"1\" failures=\"1\"") && junit.contains(code), "\(junit)")
      try FileManager.default.removeItem(atPath: folder + "/j.xml")
      // There is no result to sign.
      #expect(!exists(folder + "/attested"))
      // A policy outside the repository is named in the words, once.
      guard code == "SYN0721" else { continue }
      #expect(result.output.contains("`at-mots` [\(bad):3]%0A"), "\(result.output)")
      #expect(junit.contains("`at-mots` (\(bad):3)\nexplain: "), "\(junit)")
    }
  }

  /// What a malformed policy names is not known for certain, so that its text decides.
  @Test func aMalformedPolicyLosesNoFileToAReport() async throws {
    let folder = try Command.temporaryFolder()
    let bad = try policy("s: {signature: key.pem, at-mots: 1}", in: folder)
    for name in ["key.pem", "old.xml"] {
      try "old".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      let result = try await Command.run([
        "validate", full, "--policy", bad, "--report", "junit=\(folder)/\(name)",
      ])
      #expect(result.status == 2 && result.errors.contains("SYN0721"), "\(result.errors)")
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      #expect((text == "old") == (name == "key.pem"), "\(text)")
    }
  }

  // MARK: - Outputs over inputs

  /// Neither what a policy names, whether or not a rule asks for it, nor the bundle's signature.
  @Test func noOutputReplacesWhatThePolicyNames() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    let bundle = folder + "/model.synapack"
    try FileManager.default.copyItem(atPath: full, toPath: bundle)
    #expect(try await Command.run(["sign", bundle, "--key", folder + "/a.pem"]).status == 0)
    let named = ["x.npy", "y.npy", "model.onnx", "a.pub.pem"]
    for name in named.dropLast() {
      try Data(name.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: "a.pub.pem")
    let rules = folder + "/policy.yaml"
    try """
    synapack-policy: 1
    data: {inputs: x.npy, labels: y.npy, model: model.onnx}
    rules:
      signed: {signature: a.pub.pem}
    """.write(toFile: rules, atomically: true, encoding: .utf8)
    func contents() -> [Data?] {
      (named + ["model.synapack.sig"]).map {
        FileManager.default.contents(atPath: "\(folder)/\($0)")
      }
    }
    let before = contents()
    let validate = ["validate", bundle, "--policy", rules, "--report", "json=\(folder)/fine"]
    for name in named + ["link", "model.synapack.sig"] {
      for arguments in [
        ["--report", "json=\(folder)/\(name)"],
        ["--attestation", "\(folder)/\(name)", "--key", folder + "/a.pem"],
      ] {
        let result = try await Command.run(validate + arguments)
        #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(arguments)")
        #expect(result.errors.contains("the output would replace"), "\(result.errors)")
      }
    }
    #expect(contents() == before && !before.contains(nil))
    #expect(!exists(folder + "/fine"))
    // The same without such an output passes, so that it is the output that was refused.
    #expect(try await Command.run(validate).status == 0)
  }

  // MARK: - Standard output

  @Test func aHyphenIsNoFile() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    for arguments in [
      ["validate", full, "--report", "json=-"],
      ["validate", full, "--attestation", "-", "--key", folder + "/a.pem"],
      ["keygen", "-"], ["sign", full, "--key", folder + "/a.pem", "-o", "-", "--json"],
      ["place", full, "--chip", "loihi64", "-o", "-"],
    ] {
      let line = arguments.map { "'\($0)'" }.joined(separator: " ")
      let result = try await Command.shell("cd '\(folder)' && '\(Command.binary)' \(line)")
      #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(line): \(result.errors)")
    }
    let signed = try await Command.shell(
      "cd '\(folder)' && '\(Command.binary)' sign '\(full)' --key a.pem -o - > s && "
        + "'\(Command.binary)' verify '\(full)' --key a.pub.pem --signature s")
    #expect(signed.status == 0 && signed.output.hasPrefix("verified: "), "\(signed.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!files.contains { $0.hasPrefix("-") }, "\(files)")
  }

  @Test func keysAndSignaturesHaveDocuments() async throws {
    let folder = try Command.temporaryFolder()
    let keys = try await Command.run(["keygen", folder + "/a", "--json"])
    #expect(keys.status == 0 && keys.json?["schema"] as? String == "synapack.keygen/1")
    #expect(keys.json?["public"] as? String == folder + "/a.pub.pem")
    let hint = try #require(keys.json?["hint"] as? String)
    let bundle = folder + "/x.synapack"
    try FileManager.default.copyItem(atPath: full, toPath: bundle)
    let signed = try await Command.run(["sign", bundle, "--key", folder + "/a.pem", "--json"])
    #expect(signed.json?["schema"] as? String == "synapack.sign/1" && signed.status == 0)
    #expect(signed.json?["signature"] as? String == bundle + ".sig")
    #expect(signed.json?["hint"] as? String == hint && hint.count == 64)
    let sum = try await Command.shell("sha256sum '\(bundle)'")
    #expect(sum.output.hasPrefix(signed.json?["sha256"] as? String ?? "none"))
  }

  /// A program that asked for a document gets one, whatever goes wrong, and only one.
  @Test func aRefusalIsADocumentToo() async throws {
    let folder = try Command.temporaryFolder()
    let rules = try policy("s: {measure: bytes, at-mots: 1}", in: folder)
    try "no bundle".write(toFile: folder + "/x", atomically: true, encoding: .utf8)
    let cases: [(arguments: [String], status: Int32, code: String)] = [
      (["validate", full, "--policy", rules, "--json"], 2, "SYN0721"),
      (["validate", full, "--policy", rules, "--format", "json"], 2, "SYN0721"),
      (["validate", full, "--policy", rules, "--format=json"], 2, "SYN0721"),
      (["validate", full, "--chip", "nobody", "--json"], 2, "SYN0502"),
      (["diff", full, folder + "/none", "--json"], 4, "SYN0001"),
      (["verify", full, "--key", folder + "/x", "--json"], 3, "SYN0624"),
      (["sign", full, "--key", folder + "/none", "--json"], 4, "SYN0001"),
      (["keygen", folder + "/none/a", "--json"], 4, "SYN0004"),
      (["replay", folder + "/x", "--json"], 3, "SYN0601"),
      (["inspect", folder + "/x", "--json"], 3, "SYN0003"),
      (["explain", "SYN9999", "--json"], 2, "SYN07"),
      (["validate", full, "--no-such-option", "--json"], 2, "SYN0701"),
      (["nonsense", "--json"], 2, "SYN0701"),
    ]
    for item in cases {
      let result = try await Command.run(item.arguments)
      #expect(result.status == item.status, "\(item.arguments): \(result.errors)")
      let document = try #require(result.json, "\(item.arguments): \(result.output)")
      #expect(document["schema"] as? String == "synapack.error/1")
      #expect(document["status"] as? String == "refused")
      #expect((document["code"] as? String)?.hasPrefix(item.code) == true, "\(document)")
      #expect(document["exitStatus"] as? Int == Int(item.status))
      for key in ["message", "title", "action"] {
        #expect((document[key] as? String)?.isEmpty == false, "\(key): \(item.arguments)")
      }
      #expect(document["where"] is [String] && !result.errors.isEmpty)
    }
    // The verdict of a bundle that cannot be read is the one document.
    let unread = try await Command.run(["validate", folder + "/x", "--json"])
    #expect(unread.json?["schema"] as? String == "synapack.validate/1" && unread.status == 3)
    // Without --json, and of a format of another command, nothing is printed.
    for arguments in [
      ["validate", full, "--policy", rules],
      ["export", folder + "/x", "--format", "json", "-o", "y"],
    ] {
      let plain = try await Command.run(arguments)
      #expect(plain.output.isEmpty && plain.status != 0, "\(arguments)")
    }
  }

  // MARK: - Options

  @Test func aReportOfNoFormatIsRefusedWithTheFormats() async throws {
    for (report, words) in [
      ("xml=a", "there is no format `xml`"), ("a", "`a` is not FORMAT=PATH"),
      ("junit=", "`junit=` is not FORMAT=PATH"),
    ] {
      let result = try await Command.run(["validate", full, "--report", report])
      #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
      #expect(result.errors.contains("text, json, junit, sarif, github, gitlab, markdown"))
    }
  }

  @Test func aCodeIsExplainedByItsNumberToo() async throws {
    let whole = try await Command.run(["explain", "SYN0605"])
    #expect(whole.status == 0 && whole.output.hasPrefix("SYN0605"))
    #expect(try await Command.run(["explain", "0605"]).output == whole.output)
    #expect(try await Command.run(["explain", "9999"]).status == 2)
  }

  @Test func whatWouldBeForgottenIsRefused() async throws {
    let folder = try Command.temporaryFolder()
    let rules = try policy("s: {measure: bytes, at-most: 1}", in: folder)
    let mild = try policy("s: {measure: bytes, at-most: 1MiB}", in: Command.temporaryFolder())
    for arguments in [
      ["validate", full, "--policy", rules, "--policy", mild],
      ["validate", full, "--policy=\(rules)", "--policy", mild],
      ["diff", full, full, "--require", "none", "--require", "major"],
      ["verify", full, "--key", "a", "--attestation", "b", "--signature", "c"],
      ["verify", full, "--key", "a", "--key", "b"],
      ["validate", full, "--json", "--format", "text"],
    ] {
      let result = try await Command.run(arguments)
      #expect(result.status == 2 && result.errors.contains("SYN0701"), "\(arguments)")
    }
    // Names behind -- are names, and reports are a list.
    let fine = try await Command.run([
      "validate", "--report", "json=\(folder)/a", "--report", "text=\(folder)/b", "--", full,
    ])
    #expect(fine.status == 0, "\(fine.errors)")
  }

  /// The options of which each counts are those that the parser collects.
  @Test func theListOfOptionsThatRepeatIsTheParsers() async throws {
    let dump = try await Command.run(["--experimental-dump-help"])
    let root = try #require(dump.json?["command"] as? [String: Any])
    let gates = ["validate", "verify", "sign", "keygen", "diff", "replay", "bom"]
    var repeating = Set<String>()
    for command in try #require(root["subcommands"] as? [[String: Any]])
    where gates.contains(command["commandName"] as? String ?? "") {
      for argument in command["arguments"] as? [[String: Any]] ?? []
      where argument["isRepeating"] as? Bool == true && argument["kind"] as? String == "option" {
        let names = argument["names"] as? [[String: Any]] ?? []
        repeating.formUnion(names.compactMap { $0["name"] as? String })
      }
    }
    #expect(repeating == ["report"])
  }

  @Test func aFileThatIsTooLargeForASignatureIsNotRead() async throws {
    let folder = try Command.temporaryFolder()
    #expect(try await Command.run(["keygen", folder + "/a", "--quiet"]).status == 0)
    let large = folder + "/large"
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    let file = try #require(FileHandle(forWritingAtPath: large))
    try file.truncate(atOffset: 50 << 20)
    try file.close()
    for (option, code) in [
      ("--signature", "SYN0621"), ("--attestation", "SYN0621"), ("--key", "SYN0624"),
    ] {
      let key = option == "--key" ? [] : ["--key", folder + "/a.pub.pem"]
      let result = try await Command.shell(
        "ulimit -v 400000; exec '\(Command.binary)' verify '\(full)' \(option) '\(large)' "
          + key.map { "'\($0)'" }.joined(separator: " "))
      #expect(result.errors.contains(code), "\(option): \(result.errors)")
      #expect(result.errors.contains("52428800 bytes"), "\(option): \(result.errors)")
    }
  }
}
