public import SynapackProgram

/// What one population does to the values that it is to carry, and what would help.
public struct LayerExplanation: Sendable, Hashable {
  public var name: String
  /// √(Σ (y − a·n/T)² / Σ y²), over the neurons that remedies were tried on or over all; y: the value in the source network, n: the sum of a
  /// neuron's payloads over T ticks, a: what a payload stands for. For the readout, of its scores.
  public var error: Double
  /// The same for every way of changing this population alone that was tried; none where a neuron
  /// has parameters of its own.
  public var remedies: [Remedy]
  /// Parts of the error by cause; `nil` for the readout.
  public var causes: Causes?
  /// What the weights give otherwise than those of the source network on what the sources really
  /// sent: rounded, removed or solved anew. A part of the error like the causes, of the readout's too;
  /// `nil` where the source network's are not known.
  public var rounding: Double?
  /// The bits that the largest weight takes, sign included.
  public var usedBits = 0
  /// Those that weights may take.
  public var declaredBits = 0
  /// Channels that sent nothing although the source network has values there.
  public var deadChannels: Int
  /// The share of neurons that sent the largest payload in every tick.
  public var saturated: Double

  /// Root mean squares over that of y.
  public struct Causes: Sendable, Hashable {
    /// Values above the largest that T ticks can carry.
    public var clipping: Double
    /// Values between two steps that T ticks can carry.
    public var quantization: Double
    /// Payloads too many or too few, for any other reason: what arrives, the layer's own parameters,
    /// or the ticks in which it came; with the rounding of weights where that is not known.
    public var miscount: Double
    /// Of these, those because the input came unevenly.
    public var unevenness: Double
  }

  /// One change and what it leaves of the error.
  public struct Remedy: Sendable, Hashable {
    public var knob: Knob
    public var error: Double
  }

  /// What can be turned in one layer.
  public enum Knob: String, Sendable, Hashable, CaseIterable {
    /// Thresholds and initial membranes, by one factor a channel.
    case threshold
    /// Biases, one a channel.
    case bias
    /// Weights and biases, solved for what the sources really send.
    case weights
  }

  /// How much of the error, as a share of Σ y², the best remedy takes away.
  ///
  /// No more than Σ y² itself counts, which silence would cost: behind a broken layer values grow past
  /// all bounds, and what a later layer could take away of them would hide where they come from.
  public var removable: Double {
    let best = remedies.map(\.error).min() ?? error
    return max(0, min(1, error * error) - best * best)
  }

  /// Whether any remedy is worth its name.
  var isRemediable: Bool { remedies.contains(where: isWorthIt) }

  private func isWorthIt(_ remedy: Remedy) -> Bool {
    let gained = error * error - remedy.error * remedy.error
    return gained >= DropExplanation.negligible && gained >= DropExplanation.least * error * error
  }

  /// Of the knobs that are worth it, the simplest that leaves at most half again the squared error
  /// that the best one leaves.
  public var knob: Knob? {
    guard let best = remedies.map(\.error).min() else { return nil }
    let enough = 1.5 * best * best + 0.0005
    return Knob.allCases.first { knob in
      remedies.contains {
        $0.knob == knob && isWorthIt($0) && $0.error * $0.error <= enough
      }
    }
  }
}

/// Why a program is less accurate than its source network.
public struct DropExplanation: Sendable {
  /// One entry a population whose values are known, in the order of the program.
  public var layers: [LayerExplanation]
  /// The first layer that hurts; `nil` where no change of one layer would help.
  public var first: String?
  /// The program with that layer's knob turned.
  public var remedied: SpikingProgram?

  /// A layer hurts where a remedy takes away at least this share of what the best remedy of any
  /// layer takes away.
  static let significant = 0.3
  /// Below this share of Σ y² no remedy is worth its name.
  static let negligible = 0.002
  /// Nor is one that leaves more than nine tenths of the layer's own squared error.
  static let least = 0.1
}
