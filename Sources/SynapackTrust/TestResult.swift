public import SynapackSupport

/// A signed statement that a file passed its checks, or did not: in-toto's test-result predicate.
///
/// The predicate has no word for what was not tested or was let through, so fields of ours stand
/// beside its own, as its parsing rules allow: `synapackCoverage`, `synapackFailOn`, `synapackDay` and
/// `synapackWaivers`. A consumer that wants something tested asks for an entry of `synapackCoverage`
/// whose `checked` is true; one that mistrusts the day on which waivers were looked at reads
/// `synapackDay`.
///
/// Source: in-toto/attestation, predicates/test-result.md, version 0.1; spec/v1, parsing rules.
public struct TestResult: Sendable, Hashable {
  public enum Outcome: String, Sendable, CaseIterable {
    case passed = "PASSED"
    case warned = "WARNED"
    case failed = "FAILED"
  }

  /// A file that decided what was tested, or with what.
  public struct Configuration: Sendable, Hashable {
    public var name: String
    public var digest: Digest
    /// What the file was to the test, such as `policy` or `baseline`; `nil` where nobody says.
    public var role: String?

    public init(name: String, digest: Digest, role: String? = nil) {
      self.name = name
      self.digest = digest
      self.role = role
    }
  }

  /// Something that may be tested, and why it was not; `lack` is `nil` where it was.
  public struct Coverage: Sendable, Hashable {
    public var subject: String
    public var lack: String?

    public init(subject: String, lack: String?) {
      self.subject = subject
      self.lack = lack
    }
  }

  public var outcome: Outcome
  public var configuration: [Configuration]
  public var passed: [String]
  public var warned: [String]
  public var failed: [String]
  public var coverage: [Coverage]
  /// The severity from which a finding fails; `nil` in statements of others.
  public var failOn: String?
  /// The day on which waivers were looked at, as 2027-01-31; `nil` in statements of others.
  public var day: String?
  /// What was let through; none in statements of others.
  public var waivers: [UsedWaiver]

  public init(
    outcome: Outcome, configuration: [Configuration] = [], passed: [String] = [],
    warned: [String] = [], failed: [String] = [], coverage: [Coverage] = [], failOn: String? = nil,
    day: String? = nil, waivers: [UsedWaiver] = []
  ) {
    self.outcome = outcome
    self.configuration = configuration
    self.passed = passed
    self.warned = warned
    self.failed = failed
    self.coverage = coverage
    self.failOn = failOn
    self.day = day
    self.waivers = waivers
  }

  /// The text of an attestation for the file of that name and digest.
  public func text(
    name: String, digest: Digest, key: SigningKey
  ) throws(PackError) -> String {
    let statement: JSON = [
      "_type": .string(StatementKind.statementType),
      "subject": .array([
        .object(TestResult.descriptor(Configuration(name: name, digest: digest)))
      ]),
      "predicateType": .string(StatementKind.testResult.rawValue), "predicate": .object(predicate),
    ]
    return try SignedStatement.text(statement, key: key)
  }

  private var predicate: [String: JSON] {
    func list(_ names: [String]) -> JSON { .array(names.map(JSON.string)) }
    var members: [String: JSON] = [
      "result": .string(outcome.rawValue),
      "configuration": .array(configuration.map { .object(TestResult.descriptor($0)) }),
      "passedTests": list(passed), "warnedTests": list(warned), "failedTests": list(failed),
      "synapackCoverage": .array(
        coverage.map { item in
          var members: [String: JSON] = [
            "subject": .string(item.subject), "checked": .bool(item.lack == nil),
          ]
          if let lack = item.lack { members["lack"] = .string(lack) }
          return .object(members)
        }),
      "synapackWaivers": .array(waivers.map(\.json)),
    ]
    if let failOn { members["synapackFailOn"] = .string(failOn) }
    if let day { members["synapackDay"] = .string(day) }
    return members
  }

  /// A resource descriptor; what a file was to the test is an annotation of it.
  private static func descriptor(_ file: Configuration) -> [String: JSON] {
    var members: [String: JSON] = [
      "name": .string(file.name), "digest": ["sha256": .string(file.digest.description)],
    ]
    if let role = file.role { members["annotations"] = ["role": .string(role)] }
    return members
  }

  /// What an attestation says of a file of that digest.
  ///
  /// - Throws: `SYN0621` for what is no test result, `SYN0622` where the key did not sign it,
  ///   `SYN0623` where it speaks of another file.
  public static func verified(
    _ text: String, digest: Digest, key: VerifyingKey
  ) throws(PackError) -> TestResult {
    try read(SignedStatement.verified(text, as: .testResult, key: key), digest: digest)
  }

  /// What a statement that was verified says.
  static func read(_ statement: JSON, digest: Digest) throws(PackError) -> TestResult {
    try StatementKind.testResult.check(statement)
    guard let predicate = statement.member("predicate"),
      let outcome = predicate.member("result")?.string.flatMap(Outcome.init(rawValue:)),
      case .array(let subjects)? = statement.member("subject"), subjects.count == 1
    else { throw StatementKind.testResult.malformed("the statement is no test result of one file") }
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
      failed: names(predicate.member("failedTests")),
      coverage: try coverage(predicate.member("synapackCoverage")),
      failOn: predicate.member("synapackFailOn")?.string,
      day: predicate.member("synapackDay")?.string,
      waivers: try waivers(predicate.member("synapackWaivers")))
  }

  private static func waivers(_ value: JSON?) throws(PackError) -> [UsedWaiver] {
    guard case .array(let items)? = value else { return [] }
    return try items.map { (item) throws(PackError) in
      guard let waiver = UsedWaiver(json: item) else {
        throw StatementKind.testResult.malformed("a waiver without rule, reason, owner or last day")
      }
      return waiver
    }
  }

  private static func coverage(_ value: JSON?) throws(PackError) -> [Coverage] {
    guard case .array(let items)? = value else { return [] }
    return try items.map { (item) throws(PackError) in
      guard let subject = item.member("subject")?.string,
        case .bool(let isChecked)? = item.member("checked")
      else { throw StatementKind.testResult.malformed("an entry of what was checked says nothing") }
      let lack = item.member("lack")?.string
      return Coverage(subject: subject, lack: isChecked ? nil : lack ?? "no reason is given")
    }
  }

  private static func files(_ value: JSON?) throws(PackError) -> [Configuration] {
    guard case .array(let items)? = value else { return [] }
    var files: [Configuration] = []
    for item in items {
      guard let name = item.member("name")?.string,
        let digest = item.member("digest")?.member("sha256")?.string.flatMap({
          Digest(hexadecimal: $0)
        })
      else { throw StatementKind.testResult.malformed("a configuration without name or SHA-256") }
      let role = item.member("annotations")?.member("role")?.string
      files.append(Configuration(name: name, digest: digest, role: role))
    }
    return files
  }

  private static func names(_ value: JSON?) -> [String] {
    guard case .array(let items)? = value else { return [] }
    return items.compactMap(\.string)
  }
}
