/// What the pipeline may know of the world: a clock and the memory in use, both given to it.
public struct Instruments: Sendable {
  /// Seconds from any fixed moment.
  public var now: @Sendable () -> Double
  /// The largest resident size of the process so far, in bytes.
  public var peakBytes: @Sendable () -> Int
  /// Told after each unit of long work: what is done of what, in the words of the stage.
  public var progress: @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void

  public init(
    now: @escaping @Sendable () -> Double, peakBytes: @escaping @Sendable () -> Int,
    progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
  ) {
    self.now = now
    self.peakBytes = peakBytes
    self.progress = progress
  }

  /// A world that stands still, for tests.
  public static let still = Instruments(now: { 0 }, peakBytes: { 0 })
}
