public import SynapackSupport
public import SynapackTensor

/// A population of integrate-and-fire neurons, in real numbers.
///
///     each tick:  v ← v + z;  s = clip(⌊v / θ⌋, lower, upper);  v ← v − s·θ;  y = s·a
///
/// z: the input of the tick; v: membrane potential, at first `initial`; θ: threshold; s: payload;
/// a: the value that a payload of 1 stands for, θ itself in the common case. θ, a and `initial`
/// hold one number a channel or one a neuron.
///
/// Its rate over T ticks of a constant z, which ``evaluate(_:_:)`` gives, is
///
///     φ = (a / T) · clip(⌊(z·T + initial) / θ⌋, lower·T, upper·T)
///
/// with 0 in place of lower·T where the neuron has a memory.
///
/// Source: Bu et al., "Optimal ANN-SNN conversion", ICLR 2022, eq. 8, widened to payloads.
public struct Spike: OpPayload {
  public static let name = "spike"

  public var threshold: String
  public var amplitude: String
  public var initial: String
  public var lower: Int
  public var upper: Int
  /// Whether the running sum of payloads is held at or above zero, as a rectified value needs
  /// where `lower` is negative.
  public var memory: Bool
  public var timesteps: Int

  public init(
    threshold: String, amplitude: String, initial: String, lower: Int, upper: Int,
    memory: Bool = false, timesteps: Int
  ) {
    self.threshold = threshold
    self.amplitude = amplitude
    self.initial = initial
    self.lower = lower
    self.upper = upper
    self.memory = memory
    self.timesteps = timesteps
  }

  public var weightNames: [String] { [threshold, amplitude, initial] }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let channels = try planes(input).channels
    for name in weightNames {
      let count = try weights.tensor(name).shape.count
      guard count == channels || count == input.count else {
        throw wrongShape("`\(name)` has \(count) values for \(input)")
      }
    }
    guard lower <= 0, upper >= 1, timesteps >= 1 else {
      throw wrongShape("payloads \(lower)...\(upper) over \(timesteps) ticks")
    }
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    _ = try outputShape([input.shape], weights)
    let theta = try weights.floats(threshold)
    let value = try weights.floats(amplitude)
    let start = try weights.floats(initial)
    let ticks = Float(timesteps)
    var result = input
    for index in input.values.indices {
      func of(_ parameter: [Float]) -> Float {
        parameter[index * parameter.count / input.values.count]
      }
      let fired = ((input.values[index] * ticks + of(start)) / of(theta)).rounded(.down)
      let least = memory ? 0 : Float(lower) * ticks
      let count = min(max(fired, least), Float(upper) * ticks)
      result.values[index] = of(value) * count / ticks
    }
    return result
  }
}
