/// What a method does to each layer once everything before it has been converted.
public struct FitSteps: Sendable, Hashable {
  /// Solves weights and biases for the inputs that the converted layers really send.
  public var refitsWeights: Bool
  /// Chooses threshold, initial membrane, bias and the worth of a payload by trying neurons on
  /// those inputs, tick by tick.
  public var searchesNeurons: Bool

  public init(refitsWeights: Bool, searchesNeurons: Bool) {
    self.refitsWeights = refitsWeights
    self.searchesNeurons = searchesNeurons
  }
}
