import SynapackPolicy
import SynapackSupport
import TestSupport
import Testing

/// What passes and what fails, at the very edges.
struct PolicyCheckTests {
  private let today = CalendarDay("2027-01-31")

  private func checks(
    _ rules: String, _ evidence: Evidence, baseline: Evidence? = nil, waivers: String = "",
    allowsNoBaseline: Bool = false
  ) throws -> [Check] {
    let policy = try Policy(
      yaml: "synapack-policy: 1\nrules:\n" + rules + "\n" + waivers, path: "p.yaml")
    return PolicyCheck(
      policy, evidence: evidence, baseline: baseline, allowsNoBaseline: allowsNoBaseline,
      today: try #require(today)
    ).checks()
  }

  private func evidence(_ name: Measure.Name, _ value: Double) -> Evidence {
    Evidence(measures: [.named(name): value])
  }

  @Test(arguments: [
    ("bytes", "at-most: 100", 100.0, true), ("bytes", "at-most: 100", 100.0.nextUp, false),
    ("accuracy", "at-least: 0.97", 0.97, true),
    ("accuracy", "at-least: 0.97", 0.97.nextDown, false),
    ("accuracy", "at-least: 97%", 0.97, true), ("accuracy", "at-least: 0.5", .nan, false),
    ("bytes", "at-most: 100", .nan, false), ("bytes", "at-most: 1", .infinity, false),
  ])
  func limitsAreInclusive(name: String, bound: String, value: Double, passes: Bool) throws {
    let measure = try #require(Measure(name))
    let checks = try checks(
      "  r: {measure: \(name), \(bound)}", Evidence(measures: [measure: value]))
    #expect(checks.count == 1)
    #expect(checks[0].findings.isEmpty == passes)
    #expect(checks[0].gauge?.measure == name)
    if !passes { #expect(checks[0].findings[0].code == .policyLimit) }
  }

  @Test func aCostMayGrowAndAnAccuracyMayFallByWhatIsAllowed() throws {
    // Whole and half numbers, so that sums are exact: (measure, allowed, before, after, passes)
    let cases: [(Measure.Name, String, Double, Double, Bool)] = [
      (.bytes, "10", 100, 110, true), (.bytes, "10", 100, 110.5, false),
      (.bytes, "50%", 100, 150, true), (.bytes, "50%", 100, 150.5, false),
      (.bytes, "0", 100, 100, true), (.bytes, "0", 100, 50, true),
      (.accuracy, "0.25", 0.75, 0.5, true), (.accuracy, "0.25", 0.75, 0.4375, false),
      (.accuracy, "0", 0.75, 1, true), (.accuracy, "50%", 0.5, 0.25, true),
      (.accuracyDrop, "50%", -2, -1, true), (.accuracyDrop, "50%", -2, -0.5, false),
    ]
    for (name, allowed, before, after, passes) in cases {
      let checks = try checks(
        "  r: {measure: \(name.rawValue), worse-by-at-most: \(allowed)}", evidence(name, after),
        baseline: evidence(name, before))
      #expect(checks[0].findings.isEmpty == passes, "\(name) \(allowed) \(before) \(after)")
      #expect(checks[0].gauge?.baseline == before)
      if !passes { #expect(checks[0].findings[0].code == .regression) }
    }
  }

  @Test func roundingOfADecimalFractionFailsNobody() throws {
    // 0.3 − 0.1 is a bit more than 0.2 in binary.
    let checks = try checks(
      "  r: {measure: accuracy, worse-by-at-most: 0.1}", evidence(.accuracy, 0.2),
      baseline: evidence(.accuracy, 0.3))
    #expect(checks[0].findings.isEmpty && checks[0].gauge?.margin == 0)
  }

  /// No limit or margin ends in the digits that binary fractions bring along.
  @Test func limitsAndMarginsReadAsTheyWereWritten() throws {
    for (before, allowed, limit) in [(0.3, 0.1, 0.2), (0.8, 0.1, 0.7), (0.95, 0.3, 0.65)] {
      #expect(before - allowed != limit)
      let checks = try checks(
        "  r: {measure: accuracy, worse-by-at-most: \(allowed)}", evidence(.accuracy, before),
        baseline: evidence(.accuracy, before))
      #expect(checks[0].gauge?.limit == limit && checks[0].gauge?.margin == allowed)
    }
    for (limit, measured, margin) in [(0.3, 0.1, 0.2), (0.1, 0.3, -0.2), (0.97, 0.96, 0.01)] {
      let gauge = try checks(
        "  r: {measure: accuracy-drop, at-most: \(limit)}", evidence(.accuracyDrop, measured))[0]
        .gauge
      #expect(gauge?.margin == margin && gauge?.limit == limit)
    }
    // The least that a number can be too large stays seen.
    let least = try checks(
      "  r: {measure: accuracy-drop, at-most: 0.3}", evidence(.accuracyDrop, (0.3).nextUp))[0]
    #expect(!least.findings.isEmpty && least.gauge?.margin ?? 0 < 0)
  }

  /// A share is the decimal fraction that it is written as, to the last bit.
  @Test func aShareOfTenthsOfAPercentIsExact() throws {
    for tenths in 0...1000 {
      let share = Double(tenths) / 1000
      for (after, passes) in [(share, true), (share.nextDown, false)] where tenths > 0 {
        let check = try checks(
          "  r: {measure: accuracy, at-least: \(tenths / 10).\(tenths % 10)%}",
          evidence(.accuracy, after))[0]
        #expect(check.findings.isEmpty == passes, "\(tenths) tenths, \(after)")
      }
    }
  }

  /// The margin is what the measure may still lose, and its sign is the verdict.
  @Test func marginsMeanWhatTheySay() throws {
    var generator = SeededGenerator(seed: 11)
    for round in 0..<500 {
      // Fractions that binary numbers have exactly.
      let before = Double(Int.random(in: 1...1000, using: &generator)) / 1024
      let after = Double(Int.random(in: 1...1000, using: &generator)) / 1024
      let allowed = Double(Int.random(in: 0...500, using: &generator)) / 1024
      for name in [Measure.Name.bytes, .accuracy] {
        let check = try checks(
          "  r: {measure: \(name.rawValue), worse-by-at-most: \(allowed)}", evidence(name, after),
          baseline: evidence(name, before))[0]
        let worse = name == .bytes ? after - before : before - after
        #expect(check.gauge?.margin == allowed - worse, "seed 11, round \(round)")
        #expect(check.findings.isEmpty == (worse <= allowed), "seed 11, round \(round)")
      }
    }
  }

  @Test func aLedgerThatCannotBeReadIsNoEmptyOne() throws {
    let none = Evidence(losses: nil)
    let rules = "  a: {losses: [SYN0306]}\n  b: {losses: baseline}"
    for (bundle, baseline) in [(none, Evidence()), (Evidence(), none), (none, none)] {
      let codes = try checks(rules, bundle, baseline: baseline).map { $0.findings.map(\.code) }
      #expect(codes[0] == (bundle.losses == nil ? [.notMeasured] : []))
      #expect(codes[1] == [.notMeasured])
    }
    let whole = try checks(rules, Evidence(), baseline: Evidence())
    #expect(whole.flatMap(\.findings).isEmpty)
  }

  @Test(arguments: [
    "accuracy, at-least: 0", "accuracy, at-least: 97", "accuracy, at-most: 1",
    "agreement, worse-by-at-most: 5", "accuracy, worse-by-at-most: 100%", "bytes, at-least: 0",
    "bytes, at-most: 50%", "bytes, at-most: -1", "accuracy-drop, at-most: 1%",
    "cores, at-least: 5%",
  ])
  func limitsThatTellNoBundlesApartAreRefused(rule: String) {
    #expect {
      try checks("  r: {measure: \(rule)}", Evidence())
    } throws: {
      ($0 as? PackError)?.code == .malformedPolicy
    }
  }

  @Test func aDropMayHaveToBeAGain() throws {
    let rule = "  r: {measure: accuracy-drop, at-most: -1}"
    #expect(try checks(rule, evidence(.accuracyDrop, -2))[0].findings.isEmpty)
    #expect(try checks(rule, evidence(.accuracyDrop, 0))[0].findings.map(\.code) == [.policyLimit])
  }

  @Test func noChipAtAllIsRefused() {
    #expect {
      try checks("  r: {chip: []}", Evidence())
    } throws: {
      ($0 as? PackError)?.code == .malformedPolicy
    }
  }

  @Test func whatCannotBeCheckedFails() throws {
    let rules = "  a: {measure: cores, at-most: 3}\n  b: {measure: bytes, worse-by-at-most: 0}"
    let checks = try checks(rules, evidence(.bytes, 1))
    #expect(checks.flatMap(\.findings).map(\.code) == [.notMeasured, .notMeasured])
    #expect(checks[0].findings[0].message.contains("not placed"))
    let first = try self.checks(rules, evidence(.bytes, 1), allowsNoBaseline: true)
    #expect(first[1].findings.isEmpty && first[1].skipped != nil)
    #expect(!first[0].findings.isEmpty)
    let lossless = try self.checks("  l: {losses: baseline}\n  s: {signature: k}", Evidence())
    #expect(lossless.flatMap(\.findings).map(\.code) == [.notMeasured, .notMeasured])
  }

  @Test func aFloorIsRequiredAndACeilingAllowed() throws {
    let low = try checks("  a: {measure: accuracy, at-least: 0.95}", evidence(.accuracy, 0.5))
    #expect(
      low.flatMap(\.findings).map(\.message) == ["accuracy is 0.5, at least 0.95 is required"])
    let high = try checks("  a: {measure: cores, at-most: 2}", evidence(.cores, 3))
    #expect(high.flatMap(\.findings).map(\.message) == ["cores is 3, at most 2 is allowed"])
  }

  @Test func lossesAreHeldAgainstTheListOrTheBaseline() throws {
    let clipped = LossEntry(code: .narrowedBias, subject: "a")
    let other = LossEntry(code: .narrowedBias, subject: "b")
    let accepted = LossEntry(code: .coarseThreshold, subject: nil)
    let evidence = Evidence(losses: [clipped, other, accepted])
    let listed = try checks("  l: {losses: [SYN0306]}", evidence)
    #expect(listed[0].findings.map(\.code) == [.lossNotAllowed])
    let compared = try checks(
      "  l: {losses: baseline}", evidence, baseline: Evidence(losses: [clipped]))
    #expect(compared[0].findings.map(\.code) == [.newLoss, .newLoss])
    let same = try checks("  l: {losses: baseline}", evidence, baseline: evidence)
    #expect(same[0].findings.isEmpty)
    #expect(try checks("  l: {losses: []}", Evidence())[0].findings.isEmpty)
  }

  @Test func aResourceThatTheChipDoesNotHaveIsNamedWithTheNearest() throws {
    func message(_ evidence: Evidence) throws -> String {
      let checks = try checks("  r: {measure: 'resource:synapse', at-most: 3}", evidence)
      #expect(checks[0].findings.map(\.code) == [.notMeasured])
      return checks[0].findings.first?.message ?? ""
    }
    let placed = try message(Evidence(chip: "c", resources: ["neurons", "synapses"]))
    #expect(placed.contains("`c` has no resource `synapse`; the nearest is `synapses`"))
    #expect(placed.contains("`neurons`, `synapses`"))
    #expect(try message(Evidence(chip: "c")).contains("counts no resource"))
    #expect(try message(Evidence()).hasSuffix("the bundle is not placed"))
  }

  @Test func signatureAndChipAreRequired() throws {
    let fault = PackError(.digestMismatch, "another key", hint: "sign")
    let rules = "  s: {signature: k}\n  c: {chip: [a, b]}"
    let bad = try checks(rules, Evidence(chip: "c", signatures: ["k": .refused(fault)]))
    #expect(bad.flatMap(\.findings).map(\.code) == [.signatureRequired, .otherChip])
    let good = try checks(
      rules, Evidence(chip: "b", knowsChip: true, signatures: ["k": .valid]))
    #expect(good.flatMap(\.findings).isEmpty)
    // The name of a chip whose limits nobody knows proves nothing.
    let unheld = try checks("  c: {chip: a}", Evidence(chip: "a"))[0].findings
    #expect(unheld.map(\.code) == [.notMeasured] && unheld[0].message.contains("not checked"))
    #expect(try checks("  c: {chip: a}", Evidence())[0].findings.map(\.code) == [.otherChip])
  }

  @Test(arguments: [
    ("2027-01-31", 9.0, [ErrorCode.policyLimit], true),  // its last day
    ("2027-01-30", 9.0, [.policyLimit, .expiredWaiver], false),
    ("2027-01-31", 1.0, [.unusedWaiver], false),
    ("2027-01-30", 1.0, [.expiredWaiver], false),
  ])
  func waiversHoldUntilTheirLastDay(
    expires: String, bytes: Double, codes: [ErrorCode], isWaived: Bool
  ) throws {
    let checks = try checks(
      "  r: {measure: bytes, at-most: 8}", evidence(.bytes, bytes),
      waivers: "waivers:\n  - {rule: r, reason: why, owner: me, expires: \(expires)}")
    let findings = checks.flatMap(\.findings)
    #expect(findings.map(\.code) == codes)
    #expect((findings[0].waiver != nil) == isWaived)
    let verdict = Verdict(bundle: "b", checks: checks, failOn: .error)
    #expect(verdict.fails == (codes.contains(.expiredWaiver)))
  }

  @Test func theSeverityDecidesWithTheLevel() throws {
    let checks = try checks(
      "  r: {measure: bytes, at-most: 8, severity: warning}", evidence(.bytes, 9))
    #expect(!Verdict(bundle: "b", checks: checks, failOn: .error).fails)
    #expect(Verdict(bundle: "b", checks: checks, failOn: .warning).fails)
  }
}
