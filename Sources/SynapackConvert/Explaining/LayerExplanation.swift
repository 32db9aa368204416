public import SynapackProgram

/// What one population does to the values that it is to carry, and what would help.
public struct LayerExplanation: Sendable, Hashable {
  public var name: String
  /// √(Σ (y − a·n/T)² / Σ y²), over the samples that judge, and of them the neurons that remedies were
  /// tried on or all; y: the value in the source network, n: the sum of a
  /// neuron's payloads over T ticks, a: what a payload stands for. For the readout, of its scores.
  public var error: Double
  /// The same for every way of changing this population alone that was tried; none where a neuron
  /// has parameters of its own.
  public var remedies: [Remedy]
  /// The error and the remedies once more where every source sends what it should: what the layer
  /// itself adds, wherever it stands; `nil` where none were tried.
  public var own: Outcome?
  /// The largest error among its sources, the input one of them, where the program was run as a whole
  /// and no change tried: what is beyond it the layer adds. Otherwise `nil`.
  public var heard: Double?
  /// Parts of the error by cause; `nil` for the readout, and for a program run as a whole.
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
  /// Whether the source network has no values but zero here: the error is then 0 where nothing is sent,
  /// and else 1.
  public var isSilent = false

  /// Root mean squares over that of y.
  public struct Causes: Sendable, Hashable {
    /// Values above the largest that T ticks can carry.
    public var clipping: Double
    /// Values between two steps that T ticks can carry.
    public var quantization: Double
    /// Payloads too many or too few, for any other reason: what arrives, the layer's own parameters,
    /// or the ticks in which it came; with the rounding of weights where that is not known.
    public var miscount: Double
    /// A share of these, because the input came unevenly; as it may go against the rest of them, it can
    /// be larger than their sum. `nil` for neurons that forget at a spike, whose membranes do not tell.
    public var unevenness: Double?
    /// All values of the dead channels.
    public var silence = 0.0
    /// Whether payloads are too many rather than too few.
    public var isSurplus = false
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

  /// What remedies leave, on what the sources really send.
  var outcome: Outcome { Outcome(error: error, remedies: remedies) }

  /// How much of the error, as a share of Σ y², the best remedy takes away.
  public var removable: Double { outcome.removable }

  /// Of the knobs that are worth it, the simplest that leaves at most half again the squared error
  /// that the best one leaves.
  public var knob: Knob? { outcome.knob }

  /// What the best remedy takes away of the layer's own error: as things stand, and no more than where
  /// every source sends what it should. A sound layer has next to nothing of one of the two: of the
  /// first before a broken layer, as it was made for what it hears, and of the second behind it. `nil`
  /// where no remedy is worth its name.
  var ownRemovable: Double? {
    guard let own, own.isRemediable, outcome.isRemediable else { return nil }
    return min(own.removable, removable)
  }

  /// An error and what each remedy leaves of it.
  public struct Outcome: Sendable, Hashable {
    public var error: Double
    public var remedies: [Remedy] = []

    /// No more than Σ y² itself counts, which silence would cost: behind a broken layer values grow
    /// past all bounds, and what a later layer could take away of them would hide where they come from.
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

    var knob: Knob? {
      guard let best = remedies.map(\.error).min() else { return nil }
      let enough = 1.5 * best * best + 0.0005
      return Knob.allCases.first { knob in
        remedies.contains {
          $0.knob == knob && isWorthIt($0) && $0.error * $0.error <= enough
        }
      }
    }
  }
}

/// Why a program is less accurate than its source network.
public struct DropExplanation: Sendable {
  /// One entry a population whose values are known, in the order of the program.
  public var layers: [LayerExplanation]
  /// The populations that have no entry, and why.
  public var unexplained: [Unexplained] = []
  /// √(Σ (x − s·n/T)² / Σ x²) of the input's payloads: what is lost before any layer.
  public var inputError = 0.0
  /// The samples that changes were made from; what a change is worth only others tell.
  public var learners: [Int] = []
  /// The layers whose change may bring something back, the most likely first.
  public var suspects: [Suspect]

  /// A population whose error nothing tells.
  public struct Unexplained: Sendable, Hashable {
    public var name: String
    public var reason: String

    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// A layer, and the program with its knob turned.
  public struct Suspect: Sendable {
    public var layer: String
    public var remedied: SpikingProgram
  }

  /// The first layer that hurts; `nil` where no change of one layer would help.
  public var first: String? { suspects.first?.layer }
  /// The program with that layer's knob turned.
  public var remedied: SpikingProgram? { suspects.first?.remedied }

  /// A layer hurts where a remedy takes away at least this share of what the best remedy of any
  /// layer takes away.
  static let significant = 0.3
  /// Below this share of Σ y² no remedy is worth its name.
  static let negligible = 0.002
  /// Nor is one that leaves more than nine tenths of the layer's own squared error.
  static let least = 0.1

  /// The first layer whose squared error is above that of its worst source by at least
  /// ``significant`` of what any layer's is; `nil` where none is worth its name, or where changes of
  /// single layers were tried.
  ///
  /// - Parameter before: errors that layers had before their values became narrow integers, by name,
  ///   where what is lost is lost after that: no rise is counted that was there before.
  public static func risesAt(
    _ layers: [LayerExplanation], before: [String: Double] = [:]
  ) -> LayerExplanation? {
    // Behind a broken layer errors grow past all bounds: no more counts than silence would cost.
    func square(_ error: Double) -> Double { min(1, error * error) }
    func rise(_ layer: LayerExplanation) -> Double {
      layer.heard.map { heard in
        square(layer.error) - square(max(heard, before[layer.name] ?? 0))
      } ?? 0
    }
    guard let most = layers.map(rise).max(), most > negligible else { return nil }
    return layers.first { rise($0) >= significant * most }
  }

  /// The first layer of whose values at least a fifth is lost to what was decided when the network was
  /// converted, and whose error is mostly that.
  public static func limited(_ layers: [LayerExplanation]) -> LayerExplanation? {
    layers.first { layer in
      guard let part = layer.decided else { return false }
      return part >= 0.2 && 2 * part * part >= layer.error * layer.error
    }
  }

  /// The places of the first layer with an outstanding error of its own, and of the first that could
  /// take away much of what it hears.
  static func suspects(_ layers: [LayerExplanation]) -> [Int] {
    func first(_ gain: (LayerExplanation) -> Double?) -> Int? {
      guard let most = layers.compactMap(gain).max() else { return nil }
      return layers.firstIndex { (gain($0) ?? -1) >= significant * most }
    }
    let own = first(\.ownRemovable)
    let heard = first { $0.outcome.isRemediable ? $0.removable : nil }
    return own == heard ? [own].compactMap { $0 } : [own, heard].compactMap { $0 }
  }
}
