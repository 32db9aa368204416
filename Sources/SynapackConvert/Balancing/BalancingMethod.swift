/// A way to choose the threshold of a channel from the values it is to carry; no labels.
public protocol BalancingMethod: Sendable {
  /// The name on the command line.
  static var id: String { get }
  /// One sentence for `synapack methods`.
  static var summary: String { get }

  /// The threshold θ of one channel, in the unit of its values; `nil` where no value is positive.
  static func threshold(_ channel: ChannelValues, levels: Levels) -> Float?

  /// What is done to each layer behind the thresholds, on what the converted layers send.
  static var fit: FitSteps? { get }
}

extension BalancingMethod {
  public static var fit: FitSteps? { nil }

  /// The threshold for values of one sign, `maximum` the largest of all of which they are a part.
  public static func threshold(values: [Float], maximum: Float, levels: Levels) -> Float? {
    threshold(
      ChannelValues(carried: values, maximum: maximum, raw: values, hasBothSigns: false),
      levels: levels)
  }
}

/// The values that a neuron can stand for over a whole window.
public struct Levels: Sendable, Hashable {
  /// T, the ticks of the window.
  public var timesteps: Int
  /// The largest payload of a tick.
  public var upper: Int

  public init(timesteps: Int, upper: Int) {
    self.timesteps = timesteps
    self.upper = upper
  }
}

/// The balancing methods of this build, one file each.
public enum BalancingMethods {
  public static let all: [any BalancingMethod.Type] = [
    Corrected.self,
    Exact.self,
    LayerOrder.self,
    LocalThreshold.self,
    MMSE.self,
    Maximum.self,
    Percentile.self,
    Refit.self,
    SpikeNorm.self,
    ThresholdIteration.self,
  ]

  public static func named(_ id: String) -> (any BalancingMethod.Type)? {
    all.first { $0.id == id }
  }
}
