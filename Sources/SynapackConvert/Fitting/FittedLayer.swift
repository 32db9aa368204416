/// What a population sent in its fit, over the samples of the fit.
public struct FittedLayer: Sendable, Hashable {
  /// Σ |s| of all payloads that the population sent.
  public var payload: Int

  public init(payload: Int) {
    self.payload = payload
  }
}
