public import SynapackSupport

/// A signed statement that a file passed its checks, or did not: in-toto's test-result predicate.
///
/// Source: in-toto/attestation, predicates/test-result.md, version 0.1.
public struct TestResult: Sendable, Hashable {
  public enum Outcome: String, Sendable, CaseIterable {
    case passed = "PASSED"
    case warned = "WARNED"
    case failed = "FAILED"
  }

  /// A file that decided what was tested.
  public struct Configuration: Sendable, Hashable {
    public var name: String
    public var digest: Digest

    public init(name: String, digest: Digest) {
      self.name = name
      self.digest = digest
    }
  }

  public var outcome: Outcome
  public var configuration: [Configuration]
  public var passed: [String]
  public var warned: [String]
  public var failed: [String]

  public init(
    outcome: Outcome, configuration: [Configuration] = [], passed: [String] = [],
    warned: [String] = [], failed: [String] = []
  ) {
    self.outcome = outcome
    self.configuration = configuration
    self.passed = passed
    self.warned = warned
    self.failed = failed
  }

  private static let predicateType = "https://in-toto.io/attestation/test-result/v0.1"

  /// The text of an attestation for the file of that name and digest.
  public func text(
    name: String, digest: Digest, key: SigningKey
  ) throws(PackError) -> String {
    func list(_ names: [String]) -> JSON { .array(names.map(JSON.string)) }
    let statement: JSON = [
      "_type": .string(InToto.statementType),
      "subject": .array([TestResult.descriptor(name, digest)]),
      "predicateType": .string(TestResult.predicateType),
      "predicate": [
        "result": .string(outcome.rawValue),
        "configuration": .array(configuration.map { TestResult.descriptor($0.name, $0.digest) }),
        "passedTests": list(passed), "warnedTests": list(warned), "failedTests": list(failed),
      ],
    ]
    return try SignedStatement.text(statement, key: key)
  }

  private static func descriptor(_ name: String, _ digest: Digest) -> JSON {
    ["name": .string(name), "digest": ["sha256": .string(digest.description)]]
  }

  /// What an attestation says of a file of that digest.
  ///
  /// - Throws: `SYN0621` for what is no test result, `SYN0622` where the key did not sign it,
  ///   `SYN0623` where it speaks of another file.
  public static func verified(
    _ text: String, digest: Digest, key: VerifyingKey
  ) throws(PackError) -> TestResult {
    try read(SignedStatement.verified(text, key: key), digest: digest)
  }

  /// What a statement that was verified says.
  static func read(_ statement: JSON, digest: Digest) throws(PackError) -> TestResult {
    guard statement.member("_type")?.string == InToto.statementType,
      statement.member("predicateType")?.string == predicateType,
      let predicate = statement.member("predicate"),
      let outcome = predicate.member("result")?.string.flatMap(Outcome.init(rawValue:)),
      case .array(let subjects)? = statement.member("subject"), subjects.count == 1
    else { throw SignedStatement.malformed("the statement is no test result of one file") }
    let stated = subjects[0].member("digest")?.member("sha256")?.string
    guard stated == digest.description else {
      throw PackError(
        .otherContent,
        "it is of a file with SHA-256 \(stated ?? "none"), and this one has \(digest)",
        hint: "validate this file and attest that")
    }
    return TestResult(
      outcome: outcome, configuration: try files(predicate.member("configuration")),
      passed: names(predicate.member("passedTests")),
      warned: names(predicate.member("warnedTests")),
      failed: names(predicate.member("failedTests")))
  }

  private static func files(_ value: JSON?) throws(PackError) -> [Configuration] {
    guard case .array(let items)? = value else { return [] }
    var files: [Configuration] = []
    for item in items {
      guard let name = item.member("name")?.string,
        let digest = item.member("digest")?.member("sha256")?.string.flatMap({
          Digest(hexadecimal: $0)
        })
      else { throw SignedStatement.malformed("a configuration without name or SHA-256") }
      files.append(Configuration(name: name, digest: digest))
    }
    return files
  }

  private static func names(_ value: JSON?) -> [String] {
    guard case .array(let items)? = value else { return [] }
    return items.compactMap(\.string)
  }
}

/// What every in-toto statement of version 1 begins with.
enum InToto {
  static let statementType = "https://in-toto.io/Statement/v1"
}
