public import SynapackSupport

/// No silent loss: what the ledger calls an error is refused until it is accepted by name.
public enum LossPolicy {
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
