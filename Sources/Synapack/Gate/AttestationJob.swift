internal import SynapackBundle
internal import SynapackPolicy
public import SynapackSupport
internal import SynapackTrust

/// Signed verdicts: in-toto test results over the very bytes that were validated.
public enum AttestationJob {
  /// Refuses a key that cannot sign, before any work is done.
  ///
  /// - Throws: `SYN0624` for the key, `SYN0001` for its file.
  public static func checkKey(_ path: String) throws(PackError) {
    _ = try SignatureJob.signingKey(path)
  }

  /// A signed test result of a verdict.
  ///
  /// It states what the verdict rests on, by name and digest, what was not checked, the day on which
  /// waivers were looked at and those that were used.
  ///
  /// - Parameter bundle: the path, of which the name is stated.
  /// - Throws: `SYN0624` for the key, `SYN0001` for its file, and why the bundle could not be read.
  public static func text(
    _ outcome: GateJob.Outcome, bundle: String, key path: String
  ) throws(PackError) -> String {
    let verdict = outcome.verdict
    let key = try SignatureJob.signingKey(path)
    // A bundle that could not be read has no result.
    guard let file = outcome.bundle else {
      throw outcome.refusal
        ?? PackError(.defect, "there is no bundle to attest", hint: "please report this bundle")
    }
    var result = TestResult(
      outcome: verdict.fails ? .failed : .passed,
      configuration: outcome.inputs.map {
        .init(name: $0.name, digest: $0.digest, role: $0.role.rawValue)
      },
      coverage: verdict.coverage.map { .init(subject: $0.subject, lack: $0.lack) }
        + verdict.checks.compactMap { check in
          check.skipped.map { .init(subject: check.name, lack: $0) }
        },
      failOn: verdict.failOn.rawValue, day: outcome.day.description,
      waivers: UsedWaiver.used(in: verdict.findings))
    for check in verdict.checks where check.skipped == nil {
      if check.findings.contains(where: verdict.fails) {
        result.failed.append(check.name)
      } else if check.findings.contains(where: { $0.severity > .note }) {
        result.warned.append(check.name)
      } else {
        result.passed.append(check.name)
      }
    }
    if !verdict.fails, !result.warned.isEmpty { result.outcome = .warned }
    return try result.text(name: GateInput.name(of: bundle), digest: Digest(of: file), key: key)
  }

  /// What a signed test result says of a bundle.
  ///
  /// - Throws: as ``SignatureJob/verify(_:key:signature:)``.
  public static func verified(
    _ bundle: String, key path: String, attestation: String
  ) throws(PackError) -> Attested {
    let key = try SignatureJob.verifyingKey(path)
    let text = try SignatureJob.signature(attestation)
    let digest = Digest(of: try MappedFile(path: bundle))
    return try within(.file(attestation)) { () throws(PackError) in
      Attested(try TestResult.verified(text, digest: digest, key: key))
    }
  }
}

/// A test result whose signature holds.
public struct Attested: Sendable {
  private let result: TestResult

  init(_ result: TestResult) { self.result = result }

  public var fails: Bool { result.outcome == .failed }

  /// PASSED, WARNED or FAILED.
  public var outcome: String { result.outcome.rawValue }

  /// The document `synapack.verify/1`.
  public var document: JSON {
    func list(_ names: [String]) -> JSON { .array(names.map(JSON.string)) }
    return [
      "schema": "synapack.verify/1", "status": "verified", "result": .string(outcome),
      "failOn": result.failOn.map(JSON.string) ?? .null,
      "day": result.day.map(JSON.string) ?? .null, "waivers": .array(result.waivers.map(\.json)),
      "configuration": .array(
        result.configuration.map { file in
          [
            "role": file.role.map(JSON.string) ?? .null, "name": .string(file.name),
            "sha256": .string(file.digest.description),
          ]
        }),
      "passed": list(result.passed), "warned": list(result.warned), "failed": list(result.failed),
      "coverage": .array(
        result.coverage.map { item in
          [
            "subject": .string(item.subject), "checked": .bool(item.lack == nil),
            "lack": item.lack.map(JSON.string) ?? .null,
          ]
        }),
    ]
  }

  /// What the result rests on, let through and lacks, a line each; for people.
  public var lines: [String] {
    let files = result.configuration.map { file in
      "rests on \(file.role ?? "file") \(file.name), SHA-256 \(file.digest)"
    }
    let waivers = result.waivers.map { waiver in
      "waived: \(waiver.rule) until \(waiver.note.expires) by \(waiver.note.owner): "
        + waiver.note.reason
    }
    let day = result.day.map { ["waivers looked at on \($0)"] } ?? []
    return files + day + waivers + result.failed.map { "failed: \($0)" }
      + result.warned.map { "warned: \($0)" }
      + result.coverage.compactMap { item in
        item.lack.map { "not checked: \(item.subject) (\($0))" }
      }
  }
}
