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
      losses: {losses: [SYN0302, SYN0306]}
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
        .losses([ErrorCode(rawValue: "SYN0302"), ErrorCode(rawValue: "SYN0306")]),
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
    ("synapack-policy: 1", 1), ("\nsynapack-policy: \"1\"\nrules:\n  a: {chip: x}", 2),
    ("synapack-policy: 1.0\nrules:\n  a: {chip: x}", 1),
    ("synapack-policy: !!str 1\nrules:\n  a: {chip: x}", 1),
    ("synapack-policy: 1\ndata: {inputs: x, limit: '2'}\nrules:\n  a: {chip: x}", 2),
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
    ("synapack-policy: 1\nrules:\n  a: {chip: x}\n  a: {chip: y}", 4),  // a key twice
    ("synapack-policy: 1\nrules:\n  b: {chip: x, chip: y}", 3),
    ("synapack-policy: 1\nrules:\n  a:\n    chip: x\n  b:\n    chip: x\n\n    chip: y", 8),
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
    ("synapack-policy: 1\r\nrules:\r\n  a: &x {chip: y}\r\n", 3),
    ("synapack-policy: 1\nrules:\n  a: {chip: x}\n  b: {chip: y\nwaivers: []\n", 5),
    ("synapack-policy: 1\nrules:\n  a: {chip: x}\n b: {chip: y}\n", 4),  // indented by one
    ("synapack-policy: 1\nrules:\n\ta: {chip: x}\n", 3),
    ("synapack-policy: 1\nrules:\n  a:\n    chip: x: y\n", 4),
    ("synapack-policy: 1\nrules:\n  a: {chip: \u{1}}\n", 3),
    ("synapack-policy: 1\n\n# \u{2028}\n", 3),
    ("synapack-policy: 1\nrules:\n  a: {chip: \(String(repeating: "x", count: 3000))}", 3),
  ])
  func refusesWithTheLine(text: String, line: Int) {
    #expect {
      _ = try Policy(yaml: text, path: "p.yaml")
    } throws: { error in
      guard let error = error as? PackError else { return false }
      return error.code == .malformedPolicy && error.trail == [.line(line)]
    }
  }

  /// The schema asks for a number, and editors that hold a policy against it mark anything else.
  @Test(arguments: ["\"1\"", "'1'"])
  func aVersionThatIsATextIsRefusedWithWhatToWrite(version: String) throws {
    let error = #expect(throws: PackError.self) {
      try Policy(yaml: "synapack-policy: \(version)\nrules:\n  a: {chip: x}", path: "p.yaml")
    }
    #expect(error?.hint == "write it without quotation marks: synapack-policy: 1")
  }

  @Test(arguments: [
    ("  a: {chip: x}\n b: {chip: y}", "`b: {chip: y}`"), ("  a: &x 1", "`a: &x 1`"),
    ("  a: {chip: x}\n  a: {chip: y}", "`a`"), ("  a:\n    chip: x: y", "`chip: x: y`"),
  ])
  func showsWhatItCannotRead(rules: String, value: String) {
    #expect {
      _ = try Policy(yaml: "synapack-policy: 1\nrules:\n" + rules, path: "p.yaml")
    } throws: { error in
      (error as? PackError)?.message.contains(value) ?? false
    }
  }

  @Test(arguments: [
    ("SYN0001", "“file cannot be read”", "SYN0302"), ("SYN0303", "not of a loss", "SYN0302"),
    ("SYN0305", "not of a loss", "SYN0302"), ("narrowed", "no code of a loss", "SYN0302"),
  ])
  func aCodeThatIsNoLossIsRefusedWithTheNearest(code: String, words: String, nearest: String) {
    #expect {
      _ = try Policy(
        yaml: "synapack-policy: 1\nrules:\n  a: {losses: [SYN0306, \(code)]}", path: "p.yaml")
    } throws: { error in
      guard let error = error as? PackError else { return false }
      return error.code == .malformedPolicy && error.message.contains(words)
        && error.message.contains("the nearest is \(nearest)")
    }
  }

  /// The schema has it as the whole value only.
  @Test func theBaselineIsNoneOfAListOfLosses() {
    for list in ["[baseline]", "[SYN0306, baseline]"] {
      #expect {
        _ = try Policy(yaml: "synapack-policy: 1\nrules:\n  a: {losses: \(list)}", path: "p.yaml")
      } throws: { error in
        (error as? PackError)?.message.contains("`baseline` alone and in no list") == true
      }
    }
  }

  @Test func everyMeasureHasItsOwnName() {
    for name in Measure.Name.allCases { #expect(Measure(name.rawValue) == .named(name)) }
    #expect(Measure("resource:") == nil)
  }
}
