internal import SynapackPolicy
internal import SynapackSupport

/// The document `synapack.validate/1`.
enum VerdictJSON {
  static func document(_ verdict: Verdict, on day: CalendarDay?) -> JSON {
    .object([
      "schema": "synapack.validate/1", "status": verdict.fails ? "fail" : "pass",
      "bundle": .string(verdict.bundle), "failOn": .string(verdict.failOn.rawValue),
      "day": day.map { .string($0.description) } ?? .null,
      "waivers": .array(UsedWaiver.used(in: verdict.findings).map(\.json)),
      "findings": .array(verdict.findings.map(\.json)), "help": help(verdict),
      "checks": .array(verdict.checks.map { check($0, verdict) }),
      "coverage": .array(verdict.coverage.map(coverage)),
    ])
  }

  /// What to do about the findings of each code, which many findings may share.
  private static func help(_ verdict: Verdict) -> JSON {
    var remedies: [String: JSON] = [:]
    for code in verdict.codes {
      remedies[code.rawValue] = .string(
        ErrorCatalog.explanation(of: code)?.remedy ?? code.explaining)
    }
    return .object(remedies)
  }

  private static func coverage(_ item: Coverage) -> JSON {
    [
      "subject": .string(item.subject), "checked": .bool(item.isChecked),
      "lack": item.lack.map(JSON.string) ?? .null,
    ]
  }

  private static func check(_ check: Check, _ verdict: Verdict) -> JSON {
    var members: [String: JSON] = [
      "group": .string(check.group.rawValue), "name": .string(check.name),
      "status": .string(verdict.state(of: check).rawValue), "fails": .bool(verdict.fails(check)),
    ]
    if let gauge = check.gauge { members.merge(gauge.members) { first, _ in first } }
    if let skipped = check.skipped { members["leftOut"] = .string(skipped) }
    return .object(members)
  }
}
