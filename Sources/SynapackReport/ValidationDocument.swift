public import SynapackSupport

/// The document `synapack.validate/1`.
public enum ValidationDocument {
  /// Of a bundle that was read.
  public static func json(fails: Bool, _ findings: [Finding]) -> JSON {
    document(fails: fails, findings.map(\.json))
  }

  /// Of a bundle that was refused: its error as the one finding.
  public static func json(_ error: PackError) -> JSON {
    let finding: JSON = .object([
      "code": .string(error.code.rawValue), "severity": "error",
      "message": .string(error.message),
      "where": .string(error.trail.map(\.description).joined(separator: ", in ")),
      "rule": .string(ErrorCatalog.explanation(of: error.code)?.title ?? ""),
    ])
    return document(fails: true, [finding])
  }

  private static func document(fails: Bool, _ findings: [JSON]) -> JSON {
    .object([
      "schema": "synapack.validate/1", "status": fails ? "fail" : "pass",
      "findings": .array(findings),
    ])
  }
}
