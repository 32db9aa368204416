extension Finding {
  /// The finding as documents carry it; `rule` is the policy's name for it, else the title of its
  /// code. What does not apply is absent.
  public var json: JSON {
    let title = ErrorCatalog.explanation(of: code)?.title ?? ""
    var members: [String: JSON] = [
      "code": .string(code.rawValue), "severity": .string(severity.rawValue),
      "message": .string(message), "where": place.map { .string($0.description) } ?? .null,
      "rule": .string(rule ?? title),
    ]
    if let gauge { members.merge(gauge.members) { first, _ in first } }
    if let line { members["line"] = ["path": .string(line.path), "line": .integer(line.line)] }
    if let waiver { members["waiver"] = waiver.json }
    return .object(members)
  }
}

extension Gauge {
  /// The numbers as members of a document.
  public var members: [String: JSON] {
    [
      "measure": .string(measure), "measured": .number(measured), "limit": .number(limit),
      "margin": .number(margin), "baseline": baseline.map(JSON.number) ?? .null,
      "unit": .string(unit),
    ]
  }
}

extension WaiverNote {
  public var json: JSON {
    ["reason": .string(reason), "owner": .string(owner), "expires": .string(expires)]
  }
}

extension Loss {
  /// The entry of the ledger as documents carry it.
  public var json: JSON {
    .object([
      "code": .string(code.rawValue), "severity": .string(severity.rawValue),
      "subject": .string(subject), "message": .string(message),
      "measured": measured.map(JSON.number) ?? .null,
    ])
  }
}
