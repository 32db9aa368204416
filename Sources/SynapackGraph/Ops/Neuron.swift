public import SynapackSupport
public import SynapackTensor

/// A population of neurons with leak, synapse or hard reset, in discrete time and real numbers:
/// what ``Spike`` cannot say.
///
///     each tick:  i ← α·i + β·x              (i = x without a synapse)
///                 v ← γ·v + δ·i + ε
///                 s = 1 where v > θ, else 0
///                 v ← v − s·θ, or v ← ρ where s = 1, or v as it is
///                 y = s                      (y = v without a threshold)
///
/// x: the input of the tick; i: synaptic current, at first 0; v: membrane potential, at first 0;
/// α: what a tick leaves of the current; β: what a unit of input adds to it; γ: what a tick leaves
/// of the membrane; δ: what a unit of current adds to it; ε: what flows in by itself, toward the
/// potential at rest; θ: threshold; ρ: potential after a spike. Each holds one number, one a
/// channel or one a neuron.
///
/// ``evaluate(_:_:)`` gives the mean of y over `timesteps` ticks of a constant x.
public struct Neuron: OpPayload {
  public static let name = "neuron"

  /// The filter before the membrane: α and β.
  public struct Synapse: Sendable, Hashable {
    public var decay: String
    public var gain: String

    public init(decay: String, gain: String) {
      self.decay = decay
      self.gain = gain
    }
  }

  /// What a spike does to the membrane.
  public enum Reset: Sendable, Hashable {
    case none
    case subtract
    /// To the potential ρ of that weight.
    case value(String)
  }

  public var synapse: Synapse?
  /// γ
  public var decay: String
  /// δ
  public var gain: String
  /// ε
  public var drift: String
  /// θ; a neuron without it gives its membrane.
  public var threshold: String?
  public var reset: Reset
  public var timesteps: Int

  public init(
    synapse: Synapse? = nil, decay: String, gain: String, drift: String, threshold: String?,
    reset: Reset, timesteps: Int
  ) {
    self.synapse = synapse
    self.decay = decay
    self.gain = gain
    self.drift = drift
    self.threshold = threshold
    self.reset = reset
    self.timesteps = timesteps
  }

  public var weightNames: [String] {
    let synaptic = synapse.map { [$0.decay, $0.gain] } ?? []
    let resting = if case .value(let name) = reset { [name] } else { [String]() }
    return synaptic + [decay, gain, drift] + [threshold].compactMap { $0 } + resting
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let channels = input.dimensions.first ?? 1
    for name in weightNames {
      let count = try weights.tensor(name).shape.count
      guard count == 1 || count == channels || count == input.count else {
        throw wrongShape("`\(name)` has \(count) values for \(input)")
      }
    }
    guard timesteps >= 1 else { throw wrongShape("\(timesteps) ticks") }
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    _ = try outputShape([input.shape], weights)
    var parameters: [String: [Float]] = [:]
    for name in weightNames { parameters[name] = try weights.floats(name) }
    var result = input
    for index in input.values.indices {
      func value(_ name: String) -> Float {
        let values = parameters[name] ?? [0]
        return values[index * values.count / max(1, input.values.count)]
      }
      result.values[index] = mean(input.values[index], value)
    }
    return result
  }

  /// The mean output of one neuron for a constant input.
  private func mean(_ input: Float, _ value: (String) -> Float) -> Float {
    var current: Float = 0
    var membrane: Float = 0
    var sum: Float = 0
    for _ in 0..<timesteps {
      if let synapse {
        current = value(synapse.decay) * current + value(synapse.gain) * input
      } else {
        current = input
      }
      membrane = value(decay) * membrane + value(gain) * current + value(drift)
      guard let threshold else {
        sum += membrane
        continue
      }
      guard membrane > value(threshold) else { continue }
      sum += 1
      switch reset {
      case .none: break
      case .subtract: membrane -= value(threshold)
      case .value(let name): membrane = value(name)
      }
    }
    return sum / Float(timesteps)
  }
}
