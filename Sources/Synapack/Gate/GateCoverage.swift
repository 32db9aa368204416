internal import SynapackBundle
internal import SynapackPlace
internal import SynapackPolicy

/// What a validation did not look at, so that a reader of its verdict need not guess.
struct GateCoverage {
  let stored: StoredBundle
  let policy: Policy?
  /// Whether the limits of the placement's chip are known.
  let knowsChip: Bool
  let hasBaseline: Bool
  let measures: Set<Measure>

  /// An entry for each subject, always in this order.
  var entries: [Coverage] {
    [
      Coverage("conformance replay", lack: replay), Coverage("chip limits", lack: limits),
      Coverage("accuracy", lack: accuracy), Coverage("baseline", lack: baseline),
      Coverage("signature", lack: signature), Coverage("rates", lack: rates),
    ]
  }

  private var replay: String? {
    stored.bundle.conformance.isEmpty ? "the bundle has no conformance vector" : nil
  }

  private var limits: String? {
    guard let placement = stored.bundle.placement else { return "the bundle is not placed" }
    return knowsChip
      ? nil : "`\(placement.chip)` is not built in, and no --chip gave its limits"
  }

  /// No bundle has the inputs on which its placement's rates were measured.
  private var rates: String? {
    stored.bundle.placement == nil
      ? "the bundle is not placed"
      : "the placement's rates, and with them its traffic and energy, are those that were stated"
  }

  private var accuracy: String? {
    guard let policy else { return "no policy was given" }
    guard policy.data != nil else { return "the policy names no data" }
    let wanted: [Measure.Name] = [.accuracy, .agreement, .accuracyDrop]
    return wanted.contains { measures.contains(.named($0)) }
      ? nil : "no rule of the policy measures it"
  }

  private var baseline: String? { hasBaseline ? nil : "no baseline was given" }

  private var signature: String? {
    guard let policy else { return "no policy was given" }
    let asks = policy.rules.contains { if case .signature = $0.subject { true } else { false } }
    return asks ? nil : "no rule of the policy asks for one"
  }
}
