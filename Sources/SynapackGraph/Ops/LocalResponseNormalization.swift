public import SynapackSupport
public import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Division of each value by a power of its neighbours' energy along the channels.
///
///     y[c, q] = x[c, q] / (bias + α/n · Σ_j x[j, q]²)^β
///
/// c: the channel, axis 0; q: the place along the other axes; n: `size`; j: the channels from
/// c − ⌊(n − 1)/2⌋ to c + ⌈(n − 1)/2⌉ that there are.
///
/// Source: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks",
/// 2012, section 3.3; ONNX LRN.
public struct LocalResponseNormalization: OpPayload {
  public static let name = "localResponseNormalization"

  public var size: Int
  public var alpha: Float
  public var beta: Float
  public var bias: Float

  public init(size: Int, alpha: Float, beta: Float, bias: Float) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard input.rank >= 1, (1...VolumeWindow.limit).contains(size) else {
      throw wrongShape("\(size) neighbouring channels of \(input)")
    }
    return input
  }

  /// The channels whose energy counts for `channel`.
  public func neighbours(of channel: Int, channels: Int) -> Range<Int> {
    max(0, channel - (size - 1) / 2)..<min(channels, channel + size / 2 + 1)
  }

  /// What the value is multiplied by, for the energy of its neighbours.
  public func factor(energy: Double) -> Float {
    Float(pow(Double(bias) + Double(alpha) / Double(size) * energy, -Double(beta)))
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let channels = input.shape[0]
    let plane = input.shape.count / max(1, channels)
    for index in result.values.indices {
      let (channel, place) = (index / plane, index % plane)
      let energy = neighbours(of: channel, channels: channels).reduce(0.0) { sum, other in
        let value = Double(input.values[other * plane + place])
        return sum + value * value
      }
      result.values[index] = input.values[index] * factor(energy: energy)
    }
    return result
  }
}
