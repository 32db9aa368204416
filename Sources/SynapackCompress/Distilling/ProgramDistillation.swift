public import SynapackGraph
public import SynapackProgram
public import SynapackSupport

/// What of a program may be trained, and how.
public struct DistillationOptions: Sendable {
  public var training: TrainerOptions
  /// The values that a weight may have.
  public var levels: TrainedGrid
  /// Whether weights that are zero stay zero.
  public var keepsZeros: Bool
  /// Whether membranes start where they do.
  public var keepsStarts: Bool
  public var path: GradientPath

  public init(
    training: TrainerOptions, levels: TrainedGrid, keepsZeros: Bool, keepsStarts: Bool = false,
    path: GradientPath = .rates
  ) {
    self.training = training
    self.levels = levels
    self.keepsZeros = keepsZeros
    self.keepsStarts = keepsStarts
    self.path = path
  }
}

/// A wire of a teacher that the rates of a population stand for.
public struct PopulationFeature: Sendable, Hashable {
  public var population: Int
  public var teacher: WireID
  /// For each channel of the population that of the teacher's wire.
  public var channels: [Int]
  /// For each channel what a payload every tick stands for.
  public var worth: [Float]

  public init(population: Int, teacher: WireID, channels: [Int], worth: [Float]) {
    self.population = population
    self.teacher = teacher
    self.channels = channels
    self.worth = worth
  }
}

/// What gradients go back through.
public enum GradientPath: String, Sendable, Hashable, CaseIterable {
  /// The mean payloads a tick: the cost of a step does not grow with T.
  case rates
  /// Every tick: time and memory grow with T, and it matters when a payload comes.
  case ticks
}

/// Trains the integers of a finished program to give the outputs of a teacher.
///
///     forward:   scores of the program, run tick by tick in integers
///     backward:  through the rates of ``ProgramGraph``, at the drives and rates that were observed,
///                or through the ticks of ``TickGraph``
///
/// The loss is that of the deployed program itself, rounding, pruning, schedule and late payloads
/// included; only the derivative is an approximation. Weights stay on their levels and keep their
/// zeros, thresholds, biases and initial membranes their widths, so that the result fits wherever
/// the program did.
///
/// Sources: Hinton et al., "Distilling the knowledge in a neural network", 2015, section 2; for
/// forward spikes with backward rates: Meng et al., "Training high-performance low-latency spiking
/// neural networks by differentiation on spike representation", CVPR 2022, eq. 8 and 9.
public struct ProgramDistillation: TrainedByDistillation {
  private let student: ProgramStudent
  private var trainer: Trainer<StudentPhase>

  /// - Parameters:
  ///   - samples: inputs of both networks, one after the other, a mean over its frames each where
  ///     the teacher takes frames.
  ///   - labels: the class of each sample; empty where they are not known.
  ///   - features: what of the teacher each population stands for, as far as it is known.
  /// - Throws: `SYN0805` for a population that has no gradient; `SYN0012` where samples, labels or
  ///   features do not fit.
  public init(
    _ program: SpikingProgram, teacher: Teacher, samples: [Float], labels: [Int] = [],
    features: [PopulationFeature] = [], options: DistillationOptions
  ) throws(PackError) {
    let student = try ProgramStudent(program, options)
    self.student = student
    trainer = try Trainer(
      teacher: teacher, student: student.layout.graph, training: student.tensors,
      samples: samples, labels: labels, features: student.features(features),
      priced: student.pricedWires(), options: options.training,
      observing: { (graph) throws(PackError) in try student.observer(graph) })
  }

  /// The number of steps done.
  public var steps: Int { trainer.steps }

  /// The loss of the program that training began with, in its first check.
  public var firstLoss: Double { trainer.firstLoss }

  /// The loss of the program that did best in a check.
  public var bestLoss: Double { trainer.bestLoss }

  /// One update on the next batch.
  ///
  /// - Throws: `SYN0804` where the gradients are not finite, `SYN0402` or `SYN0403` where the
  ///   program left its widths.
  public mutating func step() throws(PackError) -> TrainingProgress { try trainer.step() }

  /// Compares the program, and that of the mean parameters, with the teacher on inputs of their own, and
  /// keeps the better one where its loss is the least so far.
  public mutating func check(on held: [Float]) throws(PackError) -> TrainingProgress {
    try trainer.check(on: held)
  }

  /// The program that did best in a check; as it is now where there was none.
  public func best() throws(PackError) -> SpikingProgram {
    let program = try student.program(from: trainer.bestGraph())
    try program.verify()
    return program
  }

  /// The state as bytes, from which ``resume(_:)`` goes on to the same bits.
  public func encoded() -> [UInt8] { trainer.encoded() }

  /// Takes up the state of another run that was made of the same inputs.
  ///
  /// - Throws: `SYN0803` where the bytes are damaged or belong to another run.
  public mutating func resume(_ bytes: [UInt8]) throws(PackError) { try trainer.resume(bytes) }
}
