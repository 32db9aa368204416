/// How a population came out of its fit, over the samples of the fit.
public struct FittedLayer: Sendable, Hashable {
  /// Σ |s| of all payloads that the population sent.
  public var payload: Int
  /// Σ (y − a·n/T)² / Σ y² over the samples that the fit did not see; `nil` where y is not known or
  /// always zero. y: the value in the source network; a·n/T: what the payloads stand for.
  public var error: Double?

  public init(payload: Int, error: Double?) {
    self.payload = payload
    self.error = error
  }
}
