public import SynapackSupport

/// No silent loss: what the ledger calls an error is refused until it is accepted by name.
public enum LossPolicy {
  /// Holds `--allow` to codes that exist; one that no loss has is no mistake.
  ///
  /// - Throws: `SYN0703` for the first unknown code.
  static func checkCodes(_ allowed: [String]) throws(PackError) {
    for code in allowed where ErrorCatalog.explanation(of: ErrorCode(rawValue: code)) == nil {
      throw PackError(
        .unknownName, "there is no code `\(code)`", at: .option("--allow"),
        hint: "list the codes with `synapack explain`")
    }
  }

  /// - Throws: `SYN0308` with every entry of severity error whose code is not in `allowed`.
  public static func check(_ report: Report, allowed: [String]) throws(PackError) {
    let refused = report.losses.filter {
      $0.severity == .error && !allowed.contains($0.code.rawValue)
    }
    guard let first = refused.first else { return }
    let list = refused.map { "\($0.code) in `\($0.subject)`: \($0.message)" }
    throw PackError(
      .lossRefused, list.joined(separator: "; "), at: .layer(first.subject),
      hint: "remove the cause, or accept the loss with --allow \(first.code)")
  }
}
