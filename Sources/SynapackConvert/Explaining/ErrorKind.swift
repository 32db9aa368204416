extension LayerExplanation {
  /// What most of a layer's error is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Channels that send nothing although the source network has values there.
    case silence
    /// Values above the largest that T ticks can carry.
    case clipping
    /// Values between two steps that T ticks can carry.
    case quantization
    /// Weights of few levels.
    case rounding
    /// Weights of many levels that are others all the same, as where they were removed or solved anew.
    case weights
    /// Biases that are off.
    case bias
    /// Input that comes unevenly.
    case unevenness
    /// Payloads too many for what arrives, and too few.
    case excess, shortfall
  }

  /// What most of the error is: dead channels and weights where they alone are half of it, biases where
  /// moving them is the remedy, and else the largest part. `nil` where no part of it is known.
  public var kind: Kind? {
    func isMost(_ part: Double?) -> Bool { part.map { 2 * $0 * $0 >= error * error } ?? false }
    guard error > 0 else { return nil }
    if isMost(causes?.silence) { return .silence }
    if knob == .bias { return .bias }
    if isMost(rounding) { return other }
    guard let causes else { return nil }
    let uneven = causes.unevenness ?? 0
    let rest = max(0, causes.miscount * causes.miscount - uneven * uneven).squareRoot()
    let parts: [(Kind, Double)] = [
      (.clipping, causes.clipping), (.quantization, causes.quantization),
      (other, rounding ?? 0), (.unevenness, min(uneven, causes.miscount)),
      (causes.isSurplus ? .excess : .shortfall, rest),
    ]
    var largest = parts[0]
    for part in parts where part.1 > largest.1 { largest = part }
    return largest.0
  }

  /// The part of the error that the thresholds decided with which the network was converted; `nil` where
  /// most of it is something else.
  public var decided: Double? {
    switch kind {
    case .silence: causes?.silence
    case .clipping: causes?.clipping
    case .quantization: causes?.quantization
    case .rounding, .weights, .bias, .unevenness, .excess, .shortfall, nil: nil
    }
  }

  /// The bits of weights up to which rounding is what makes them others; with more of them a fit or
  /// pruning did.
  public static let coarseBits = 5

  /// Why weights are others than those of the source network.
  private var other: Kind {
    // One bit is that of the sign: no weight is left to have levels.
    (2...LayerExplanation.coarseBits).contains(usedBits) ? .rounding : .weights
  }
}
