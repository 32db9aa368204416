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
  /// η, the learning rate of the first step.
  public var rate: Float = 1e-3
  /// Gradients whose norm over all parameters is larger are scaled down to it.
  public var largestNorm: Float = 1
  /// τ, by which both networks' logits are divided.
  public var temperature: Float = 2
  /// What a nat of cross-entropy with the labels counts, where there are labels.
  public var labelWeight: Float = 0.5
  /// What features count, as a mean over all of them; none is looked at where it is 0.
  public var featureWeight: Float = 0
  /// What the synaptic operations count that the student begins with.
  public var operationWeight: Float = 0
  public var augmentation = Augmentation()
  /// Threads that a step may use; no result depends on it.
  public var threads = 1

  public init(steps: Int) {
    self.steps = steps
  }

  /// η·½·(1 + cos(π·t/steps)) at step t.
  func rate(at step: Int) -> Float {
    let progress = Double(min(step, steps)) / Double(max(1, steps))
    return Float(Double(rate) * 0.5 * (1 + cos(Double.pi * progress)))
  }
}
