/// What a method does to each layer once everything before it has been converted.
public struct FitSteps: Sendable, Hashable {
  /// Solves weights and biases for the inputs that the converted layers really send.
  public var refitsWeights: Bool
  /// Chooses threshold, initial membrane, bias and the worth of a payload by trying neurons on
  /// those inputs, tick by tick.
  public var searchesNeurons: Bool
  /// What is set in the finished neurons by what is measured on those inputs.
  public var adjustment: Adjustment?

  public init(
    refitsWeights: Bool = false, searchesNeurons: Bool = false, adjustment: Adjustment? = nil
  ) {
    self.refitsWeights = refitsWeights
    self.searchesNeurons = searchesNeurons
    self.adjustment = adjustment
  }

  /// A correction without a search.
  public enum Adjustment: Sendable, Hashable {
    /// The threshold is the largest input of a tick. See ``SpikeNorm``.
    case largestInput
    /// Biases and initial membranes take out the mean errors behind the neuron. See ``Corrected``.
    case potentials
    /// Biases and the worth of a payload match the means before and behind it. See ``Exact``.
    case means
  }
}
