public import SynapackSupport

/// What is known of a bundle when its policy is checked.
public struct Evidence: Sendable, Hashable {
  /// Only what could be measured.
  public var measures: [Measure: Double]
  /// The ledger, and the codes that the recipe accepts; `nil` where the bundle has no ledger that
  /// could be read, which is not the same as one without losses.
  public var losses: [LossEntry]?
  /// The chip of the placement, where there is one.
  public var chip: String?
  /// Whether the limits of that chip are known, so that the placement was held against them.
  public var knowsChip: Bool
  /// The resources of the chip that the placement counts.
  public var resources: [String]
  /// For each key that a rule names.
  public var signatures: [String: SignatureState]

  public init(
    measures: [Measure: Double] = [:], losses: [LossEntry]? = [], chip: String? = nil,
    knowsChip: Bool = false, resources: [String] = [], signatures: [String: SignatureState] = [:]
  ) {
    self.measures = measures
    self.losses = losses
    self.chip = chip
    self.knowsChip = knowsChip
    self.resources = resources
    self.signatures = signatures
  }
}

/// A loss that a bundle carries or accepts.
public struct LossEntry: Sendable, Hashable {
  public var code: ErrorCode
  /// The layer that lost something; `nil` for a code that the recipe accepts beforehand.
  public var subject: String?

  public init(code: ErrorCode, subject: String?) {
    self.code = code
    self.subject = subject
  }
}

/// Whether a key verifies the signature of a bundle.
public enum SignatureState: Sendable, Hashable {
  case valid
  /// Why not.
  case refused(PackError)
}
