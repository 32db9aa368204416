import SynapackSupport

/// Findings and losses as JSON.
enum ReportJSON {
  static func finding(_ finding: Finding) -> JSON {
    .object([
      "code": .string(finding.code.rawValue), "severity": .string(finding.severity.rawValue),
      "message": .string(finding.message),
      "where": finding.place.map { .string($0.description) } ?? .null,
      "rule": .string(ErrorCatalog.explanation(of: finding.code)?.title ?? ""),
    ])
  }

  static func loss(_ loss: Loss) -> JSON {
    .object([
      "code": .string(loss.code.rawValue), "severity": .string(loss.severity.rawValue),
      "subject": .string(loss.subject), "message": .string(loss.message),
      "measured": loss.measured.map(JSON.number) ?? .null,
    ])
  }

  static func validation(fails: Bool, _ findings: [Finding]) -> JSON {
    .object([
      "schema": "synapack.validate/1", "status": fails ? "fail" : "pass",
      "findings": .array(findings.map(finding)),
    ])
  }

  /// A bundle that was refused: its error as the one finding.
  static func validation(_ error: PackError) -> JSON {
    let place = error.trail.map(\.description).joined(separator: ", in ")
    return .object([
      "schema": "synapack.validate/1", "status": "fail",
      "findings": .array([
        .object([
          "code": .string(error.code.rawValue), "severity": "error",
          "message": .string(error.message), "where": .string(place),
          "rule": .string(ErrorCatalog.explanation(of: error.code)?.title ?? ""),
        ])
      ]),
    ])
  }
}
