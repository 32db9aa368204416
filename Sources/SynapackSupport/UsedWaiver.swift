/// A waiver that let a finding through, and whose finding that was.
public struct UsedWaiver: Sendable, Hashable {
  public var rule: String
  public var note: WaiverNote

  public init(rule: String, note: WaiverNote) {
    self.rule = rule
    self.note = note
  }

  /// Each waiver once, in the order of the findings.
  public static func used(in findings: [Finding]) -> [UsedWaiver] {
    var seen = Set<UsedWaiver>()
    return findings.compactMap { finding in
      guard let note = finding.waiver else { return nil }
      let waiver = UsedWaiver(rule: finding.rule ?? "", note: note)
      return seen.insert(waiver).inserted ? waiver : nil
    }
  }

  /// `nil` for what names no rule, reason, owner or last day.
  public init?(json: JSON) {
    guard let rule = json.member("rule")?.string, let reason = json.member("reason")?.string,
      let owner = json.member("owner")?.string, let expires = json.member("expires")?.string
    else { return nil }
    self.init(rule: rule, note: WaiverNote(reason: reason, owner: owner, expires: expires))
  }

  public var json: JSON {
    [
      "rule": .string(rule), "reason": .string(note.reason), "owner": .string(note.owner),
      "expires": .string(note.expires),
    ]
  }
}
