public import SynapackProgram

/// What a conversion is asked for; every choice that is not here follows from the model.
public struct ConversionOptions: Sendable, Hashable {
  /// T, the ticks of every window.
  public var timesteps: Int
  public var schedule: Schedule
  /// The payloads of every firing population.
  public var payloads: ClosedRange<Int>
  public var reset: Reset
  /// The identifier of the balancing method.
  public var method: String
  /// Widths in bits, sign included.
  public var weightBits: Int
  public var biasBits: Int
  public var membraneBits: Int
  public var inputBits: Int
  public var input: InputKind
  /// Every random choice derives from it.
  public var seed: UInt64

  public init(
    timesteps: Int, schedule: Schedule = .wavefront, payloads: ClosedRange<Int> = 0...1,
    reset: Reset = .subtract, method: String = "refit", weightBits: Int = 8, biasBits: Int = 16,
    membraneBits: Int = 24, inputBits: Int = 12,
    input: InputKind = .current, seed: UInt64 = 0
  ) {
    self.timesteps = timesteps
    self.schedule = schedule
    self.payloads = payloads
    self.reset = reset
    self.method = method
    self.weightBits = weightBits
    self.biasBits = biasBits
    self.membraneBits = membraneBits
    self.inputBits = inputBits
    self.input = input
    self.seed = seed
  }
}
