public import SynapackSupport
public import SynapackTensor

/// Normalization of each channel by stored statistics, as at inference.
///
///     y[c] = γ[c] · (x[c] − μ[c]) / √(σ²[c] + ε) + β[c]
///
/// c: the place along axis 0 of an input [C, …]; γ: scale; β: shift; μ, σ²: running mean and
/// variance, each [C]; ε: a small constant.
public struct BatchNormalization: OpPayload {
  public static let name = "batchNormalization"

  public var scale: String
  public var shift: String
  public var mean: String
  public var variance: String
  public var epsilon: Float

  public init(scale: String, shift: String, mean: String, variance: String, epsilon: Float) {
    self.scale = scale
    self.shift = shift
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }

  public var weightNames: [String] { [scale, shift, mean, variance] }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    try checkChannels(input, weights)
    return input
  }

  /// The same map as a scale and a shift a channel.
  public func affine(
    _ weights: WeightStore
  ) throws(PackError) -> (scale: [Float], shift: [Float]) {
    let gamma = try weights.floats(scale)
    let beta = try weights.floats(shift)
    let mu = try weights.floats(mean)
    let sigma = try weights.floats(variance)
    var scale: [Float] = []
    var shift: [Float] = []
    for c in gamma.indices {
      let factor = gamma[c] / (sigma[c] + epsilon).squareRoot()
      scale.append(factor)
      shift.append(beta[c] - factor * mu[c])
    }
    return (scale, shift)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    _ = try outputShape([input.shape], weights)
    let (scale, shift) = try affine(weights)
    return ChannelAffine.apply(input, scale: scale, shift: shift)
  }
}
