#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How a student is trained.
public struct TrainerOptions: Sendable {
  /// The number of steps after which the learning rate has come down to zero.
  public var steps: Int
  public var batch = 32
  public var seed: UInt64 = 0
  /// η, the learning rate of the first step where there is no warm-up.
  public var rate: Float = 1e-3
  /// The steps over which the learning rate rises towards η: moments of few gradients are no measure yet,
  /// and Adam's first steps are as long as its longest.
  public var warmUp = 0
  /// δ, what the mean of the parameters keeps of itself in a step, below 1; 0 for no mean. Checks look at
  /// the mean too: it lies in the middle of what the parameters, moved by one batch after the other, go
  /// around.
  public var averaging: Float = 0
  /// Gradients whose norm over all parameters is larger are scaled down to it.
  public var largestNorm: Float = 1
  /// τ, by which both networks' logits are divided.
  public var temperature: Float = 2
  /// What a nat of cross-entropy with the labels counts, where there are labels.
  public var labelWeight: Float = 0.5
  /// What features count in the first step, as a mean over all of them; none is looked at where it is 0.
  /// They count less as the rate goes down: layers that are near enough must not keep the outputs from
  /// coming nearer.
  public var featureWeight: Float = 0
  /// What the synaptic operations count that the student begins with.
  public var operationWeight: Float = 0
  public var augmentation = Augmentation()
  /// Threads that a step may use; no result depends on it.
  public var threads = 1

  public init(steps: Int) {
    self.steps = steps
  }

  /// η·½·(1 + cos(π·t/steps))·min(1, (t + 1)/warmUp) at step t.
  func rate(at step: Int) -> Float {
    Float(Double(rate) * share(at: step) * min(1, Double(step + 1) / Double(max(1, warmUp))))
  }

  /// ½·(1 + cos(π·t/steps)): what is left at step t of what counts at first.
  func share(at step: Int) -> Double {
    let progress = Double(min(step, steps)) / Double(max(1, steps))
    return 0.5 * (1 + cos(Double.pi * progress))
  }
}
