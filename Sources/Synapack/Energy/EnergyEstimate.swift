public import SynapackSupport

/// What an inference costs under a table, beside a conventional network of the same precision.
///
///     E_spiking = A·(add + read) + M·(add + mul(b_w, b_s) + read)
///               + I·(add + mul(b_w, b_in) + read) + U·(update + 2·b_v·state)
///     E_dense   = Σ_c D_c·(add + mul(b_w, b_c) + read) + N_d·2·b_a·state,  b_a = ⌈log₂(T·s + 1)⌉
///     break-even = (E_dense − E_spiking + E_s) / (D_h·E_s/(A + M))
///
/// A, M: additions and multiplications by what neurons send, an addition for each event that is a
/// unit or a power of two, whose shift costs nothing; E_s what those cost, I: multiplications
/// by the input; where the input is spikes, theirs are additions that cost add + read each. U: Σ
/// over the neurons of the ticks in which they are awake; N_d: the neurons without the clocks of a
/// gated program; T: the ticks of a window; D_c: the multiplications of connection c in one dense pass,
/// D_h those behind neurons, clocks never among them; b_w, b_v, b_in, b_s: bits of weights,
/// membranes, inputs and payloads; s: the largest payload; b_a: bits of an activation that tells as
/// many values apart as a window of payloads, b_c: b_in behind the input and b_a elsewhere. The dense
/// network has the program's weights, and skips no zero. The break-even is the number of spikes that
/// a synapse may carry an inference for both to cost the same. Compared this way, with memory, by Yan
/// et al., "Reconsidering the energy efficiency of spiking neural networks", arXiv 2409.08290.
public struct EnergyEstimate: Sendable {
  public var table: CostTable
  /// Picojoules an inference, or why there are none.
  public var spiking: Cost
  /// `nil` where the table knows no product.
  public var dense: Double?
  /// Bits of the dense network's activations.
  public var activationBits: Int
  /// Spikes a synapse carried in an inference.
  public var spikesPerSynapse: Double
  public var breakEven: BreakEven
  /// Multiplications by the input that the table has no price for and that are not in `spiking`.
  public var unpriced: Double

  /// What a program costs.
  public enum Cost: Sendable, Hashable {
    case picojoules(Double)
    /// The hardware of the table does not carry what the program's neurons send.
    case notCarried(payloads: ClosedRange<Int>)
    /// The hardware of the table does not multiply what the program's operators do.
    case notComputed

    public var picojoules: Double? {
      switch self {
      case .picojoules(let value): value
      case .notCarried, .notComputed: nil
      }
    }

    /// Why there is no number.
    public var reason: String? {
      switch self {
      case .picojoules: nil
      case .notCarried(let payloads):
        "its events carry no value, and neurons send "
          + "\(payloads.lowerBound) to \(payloads.upperBound)"
      case .notComputed:
        "its neurons multiply nothing, and operators on running means do"
      }
    }
  }

  /// The spikes a synapse at which both cost the same.
  public enum BreakEven: Sendable, Hashable {
    case spikesPerSynapse(Double)
    /// The program loses without any.
    case never
    /// Nothing to compare with, or no synapse behind a neuron.
    case notCompared
  }

  /// One element of `energy` in a row of `synapack.evaluate/1`.
  public var json: JSON {
    var members: [String: JSON] = [
      "table": .string(table.id), "counts": .string(table.counts),
      "source": .string(table.source), "kind": "estimate",
      "spikingPicojoules": spiking.picojoules.map(JSON.number) ?? .null,
      "spikesPerSynapse": .number(spikesPerSynapse),
      "unpricedMultiplications": .number(unpriced),
    ]
    if let reason = spiking.reason { members["notCarried"] = .string(reason) }
    if let dense {
      members["densePicojoules"] = .number(dense)
      members["denseActivationBits"] = .integer(activationBits)
    }
    switch breakEven {
    case .spikesPerSynapse(let spikes): members["breakEvenSpikesPerSynapse"] = .number(spikes)
    case .never: members["breakEvenSpikesPerSynapse"] = .null
    case .notCompared: break
    }
    return .object(members)
  }
}
