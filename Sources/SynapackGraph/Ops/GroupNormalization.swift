public import SynapackSupport
public import SynapackTensor

/// Normalization of groups of a sample's channels by their own mean and variance.
///
///     y[c, q] = γ[c] · (x[c, q] − μ[g]) / √(σ²[g] + ε) + β[c]
///
/// c: the channel, axis 0; q: the place along the other axes; g: the group of c, one of `groups`
/// runs of equally many channels; μ[g], σ²[g]: mean and variance over the group's channels and all
/// q; γ, β: scale and shift [C], 1 and 0 where absent. As many groups as channels make it the
/// instance normalization.
///
/// Source: Wu and He, "Group normalization", 2018, eq. 1 to 6; ONNX GroupNormalization.
public struct GroupNormalization: OpPayload {
  public static let name = "groupNormalization"

  public var groups: Int
  public var scale: String?
  public var shift: String?
  public var epsilon: Float

  public init(groups: Int, scale: String?, shift: String?, epsilon: Float) {
    self.groups = groups
    self.scale = scale
    self.shift = shift
    self.epsilon = epsilon
  }

  public var weightNames: [String] { [scale, shift].compactMap { $0 } }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard input.rank >= 1, input[0] >= 1, groups >= 1, input[0] % groups == 0 else {
      throw wrongShape("\(groups) groups of the channels of \(input)")
    }
    try checkChannels(input, weights)
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let gamma = try scale.map { (name) throws(PackError) in try weights.floats(name) }
    let beta = try shift.map { (name) throws(PackError) in try weights.floats(name) }
    let plane = input.shape.count / input.shape[0]
    let size = input.shape.count / groups
    for group in 0..<groups {
      let start = group * size
      let normalized = standardized(Array(input.values[start..<start + size]), epsilon)
      for (place, value) in normalized.enumerated() {
        let channel = (start + place) / plane
        result.values[start + place] = (gamma?[channel] ?? 1) * value + (beta?[channel] ?? 0)
      }
    }
    return result
  }
}
