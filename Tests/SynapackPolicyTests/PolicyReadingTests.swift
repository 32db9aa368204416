import SynapackPolicy
import SynapackSupport
import Testing

/// What policies say, and what is refused with which line.
struct PolicyReadingTests {
  private static let whole = """
    synapack-policy: 1
    data:
      inputs: x.npy
      labels: y.npy
      limit: 200
    rules:
      size:
        measure: bytes
        at-most: 64KiB
        worse-by-at-most: 2%
      accuracy:
        measure: accuracy
        at-least: 97.5%
        severity: warning
      memory: {measure: "resource:synaptic memory", at-most: 1e5}
      losses: {losses: [SYN0301, SYN0302]}
      no-new: {losses: baseline}
      signed: {signature: key.pem}
      chip: {chip: speck2f}
    waivers:
      - rule: size
        reason: a larger head until the next release
        owner: vision
        expires: 2027-01-31
    """

  @Test func readsEveryKindOfRule() throws {
    let policy = try Policy(yaml: Self.whole, path: "p.yaml")
    #expect(policy.data == PolicyData(inputs: "x.npy", labels: "y.npy", limit: 200))
    #expect(
      policy.rules.map(\.name) == [
        "size", "accuracy", "memory", "losses", "no-new", "signed", "chip",
      ])
    #expect(policy.rules.map(\.line) == [7, 11, 15, 16, 17, 18, 19])
    #expect(
      policy.rules.map(\.subject) == [
        .measure(.named(.bytes), [.atMost(65_536), .worseByShare(0.02)]),
        .measure(.named(.accuracy), [.atLeast(0.975)]),
        .measure(.resource("synaptic memory"), [.atMost(100_000)]),
        .losses([ErrorCode(rawValue: "SYN0301"), ErrorCode(rawValue: "SYN0302")]),
        .lossesOfBaseline, .signature(key: "key.pem"), .chips(["speck2f"]),
      ])
    #expect(policy.rules.map(\.severity).filter { $0 == .warning }.count == 1)
    #expect(policy.rules[1].severity == .warning)
    let waiver = try #require(policy.waivers.first)
    #expect(waiver.expires == CalendarDay(year: 2027, month: 1, day: 31) && waiver.line == 21)
    #expect(policy.measures.map(\.text) == ["bytes", "accuracy", "resource:synaptic memory"])
  }

  @Test(arguments: [
    ("rules:\n  a: {measure: bytes, at-most: 1}", 1),  // no version
    ("synapack-policy: 2\nrules:\n  a: {measure: bytes, at-most: 1}", 1),
    ("synapack-policy: 1", 1),
    ("synapack-policy: 1\nrules: {}", 2),
    ("synapack-policy: 1\nrules:\n  a: {measure: bytes}", 3),  // nothing could break it
    ("synapack-policy: 1\nrules:\n  a: {measure: byte, at-most: 1}", 3),
    ("synapack-policy: 1\nrules:\n  a:\n    measure: bytes\n    at-mots: 1", 5),
    ("synapack-policy: 1\nrules:\n  a:\n    measure: bytes\n    at-most: nan", 5),
    ("synapack-policy: 1\nrules:\n  a:\n    measure: bytes\n    at-most: 0x10", 5),
    ("synapack-policy: 1\nrules:\n  a:\n    measure: bytes\n    worse-by-at-most: -1", 5),
    ("synapack-policy: 1\nrules:\n  a:\n    measure: bytes\n    losses: baseline", 3),
    ("synapack-policy: 1\nrules:\n  a:\n    losses: [SYN9998]", 4),
    ("synapack-policy: 1\nrules:\n  a:\n    losses: []\n    at-most: 3", 5),
    ("synapack-policy: 1\nrules:\n  a:\n    chip: x\n    severity: fatal", 5),
    ("synapack-policy: 1\nrules:\n  a: {chip: x}\n  a: {chip: y}", 1),  // a key twice
    ("synapack-policy: 1\nrules:\n  a: {chip: x}\nwaivers:\n- {rule: a, reason: r, owner: o}", 5),
    (
      "synapack-policy: 1\nrules:\n  a: {chip: x}\nwaivers:\n"
        + "- {rule: b, reason: r, owner: o, expires: 2027-01-31}", 5
    ),
    (
      "synapack-policy: 1\nrules:\n  a: {chip: x}\nwaivers:\n"
        + "- {rule: a, reason: r, owner: o, expires: 2027-02-29}", 5
    ),
    ("a: &x 1\nb: *x", 1), ("", 1), ("[", 1),
  ])
  func refusesWithTheLine(text: String, line: Int) {
    #expect {
      _ = try Policy(yaml: text, path: "p.yaml")
    } throws: { error in
      guard let error = error as? PackError else { return false }
      return error.code == .malformedPolicy && error.trail == [.line(line)]
    }
  }

  @Test func everyMeasureHasItsOwnName() {
    for name in Measure.Name.allCases { #expect(Measure(name.rawValue) == .named(name)) }
    #expect(Measure("resource:") == nil)
  }
}
