public import SynapackSupport
public import SynapackTensor

/// A factor and an offset for each channel.
///
///     y[c] = a[c] · x[c] + b[c]
///
/// c: the place along axis 0 of an input [C, …]; a: scale [C], 1 where absent; b: shift [C], 0
/// where absent.
public struct ChannelAffine: OpPayload {
  public static let name = "channelAffine"

  public var scale: String?
  public var shift: String?

  public init(scale: String?, shift: String?) {
    self.scale = scale
    self.shift = shift
  }

  public var weightNames: [String] { [scale, shift].compactMap { $0 } }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    try checkChannels(input, weights)
    return input
  }

  /// Both vectors, filled in where absent, for `channels` channels.
  public func affine(
    _ weights: WeightStore, channels: Int
  ) throws(PackError) -> (scale: [Float], shift: [Float]) {
    let factor = try scale.map { (name) throws(PackError) in try weights.floats(name) }
    let offset = try shift.map { (name) throws(PackError) in try weights.floats(name) }
    return (
      factor ?? Array(repeating: 1, count: channels),
      offset ?? Array(repeating: 0, count: channels)
    )
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    _ = try outputShape([input.shape], weights)
    let channels = input.shape[0]
    let (scale, shift) = try affine(weights, channels: channels)
    return ChannelAffine.apply(input, scale: scale, shift: shift)
  }

  static func apply(_ input: FloatArray, scale: [Float], shift: [Float]) -> FloatArray {
    var result = input
    let plane = input.values.count / max(1, scale.count)
    for index in result.values.indices {
      let channel = index / plane
      result.values[index] = scale[channel] * input.values[index] + shift[channel]
    }
    return result
  }
}
