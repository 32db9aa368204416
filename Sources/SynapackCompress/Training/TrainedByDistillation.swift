public import SynapackSupport

/// What a step saw of its batch before it changed the parameters.
public struct TrainingProgress: Sendable, Equatable {
  /// The number of steps done, this one included.
  public var step: Int
  /// The loss, a mean over the batch.
  public var loss: Double
  /// The share of the batch that student and teacher decide alike.
  public var agreement: Double
  /// The norm of the gradients before it was limited.
  public var norm: Double
}

/// Something that is trained step by step to answer as its teacher does.
public protocol TrainedByDistillation: Sendable {
  associatedtype Result

  /// The number of steps done.
  var steps: Int { get }
  /// The loss in the first check.
  var firstLoss: Double { get }
  /// The least loss in a check.
  var bestLoss: Double { get }

  /// One update on the next batch.
  ///
  /// - Throws: `SYN0804` where the gradients are not finite; what a run of the student throws.
  mutating func step() throws(PackError) -> TrainingProgress
  /// Compares the student, and its mean over its last steps, with the teacher on inputs of their own, and
  /// keeps the better one where its loss is the least so far.
  mutating func check(on held: [Float]) throws(PackError) -> TrainingProgress
  /// What did best in a check; the student as it is now where there was none.
  func best() throws(PackError) -> Result

  /// The state as bytes, from which ``resume(_:)`` goes on to the same bits.
  func encoded() -> [UInt8]
  /// Takes up the state of another run that was made of the same inputs.
  ///
  /// - Throws: `SYN0803` where the bytes are damaged or belong to another run.
  mutating func resume(_ bytes: [UInt8]) throws(PackError)
}
