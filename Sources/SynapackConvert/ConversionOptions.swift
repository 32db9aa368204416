public import SynapackProgram

/// What a conversion is asked for; every choice that is not here follows from the model.
public struct ConversionOptions: Sendable, Hashable {
  /// T, the ticks of every window.
  public var timesteps: Int
  public var schedule: Schedule
  /// The payloads of every firing population.
  public var payloads: ClosedRange<Int>
  /// What they are sent as; no integer depends on it.
  public var coding: PayloadCoding
  public var reset: Reset
  /// The identifier of the balancing method.
  public var method: String
  /// Widths in bits, sign included.
  public var weightBits: Int
  /// Whether a connection has no more bits than its weights need.
  public var narrowsWeights = false
  /// Of a shortcut, which is one weight a channel and may be wider than the others, at most.
  public var shortcutBits: Int
  public var biasBits: Int
  public var membraneBits: Int
  /// Of the membranes that are read out, at most.
  public var readoutBits: Int
  public var inputBits: Int
  public var thresholdScope: ThresholdScope
  /// Where membranes start, under every method.
  public var start: MembraneStart
  public var input: InputKind
  /// Every random choice derives from it.
  public var seed: UInt64

  public init(
    timesteps: Int, schedule: Schedule = .wavefront, payloads: ClosedRange<Int> = 0...1,
    coding: PayloadCoding = .whole, reset: Reset = .subtract, method: String = "refit",
    weightBits: Int = 8, shortcutBits: Int = 16,
    biasBits: Int = 16,
    membraneBits: Int = 24, readoutBits: Int = 32, inputBits: Int = 12,
    thresholdScope: ThresholdScope = .channel, start: MembraneStart = .balanced,
    input: InputKind = .current, seed: UInt64 = 0
  ) {
    self.timesteps = timesteps
    self.schedule = schedule
    self.payloads = payloads
    self.coding = coding
    self.reset = reset
    self.method = method
    self.weightBits = weightBits
    self.shortcutBits = shortcutBits
    self.biasBits = biasBits
    self.membraneBits = membraneBits
    self.readoutBits = readoutBits
    self.inputBits = inputBits
    self.thresholdScope = thresholdScope
    self.start = start
    self.input = input
    self.seed = seed
  }
}

/// The neurons that share one integer threshold.
public enum ThresholdScope: String, Sendable, Hashable, CaseIterable {
  /// Those of one channel: a scale of its own for each channel's weights costs nothing.
  case channel
  /// All of a layer: the scale of each channel's weights is what lets its threshold be the same.
  case layer
}
