extension Finding {
  /// The finding as documents carry it; `rule` is the title of its code.
  public var json: JSON {
    .object([
      "code": .string(code.rawValue), "severity": .string(severity.rawValue),
      "message": .string(message), "where": place.map { .string($0.description) } ?? .null,
      "rule": .string(ErrorCatalog.explanation(of: code)?.title ?? ""),
    ])
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
