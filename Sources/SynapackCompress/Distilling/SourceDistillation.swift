public import SynapackGraph
public import SynapackSupport
internal import SynapackTensor

/// Trains a smaller network in real numbers to give the outputs of the one that it was made from.
///
/// A step costs a fraction of one of ``ProgramDistillation``, so what channels took is learned back
/// before ticks and integers come into it. Weights and biases of convolutions and linear layers learn.
///
/// Source: Hinton et al., "Distilling the knowledge in a neural network", 2015, section 2.
public struct SourceDistillation: TrainedByDistillation {
  private var trainer: Trainer<Analog>

  /// - Parameters:
  ///   - samples: inputs of both networks, one after the other.
  ///   - labels: the class of each sample; empty where they are not known.
  ///   - features: wires that should carry what those of the teacher do.
  /// - Throws: `SYN0012` where samples, labels or features do not fit.
  public init(
    _ student: Graph<Analog>, teacher: Teacher, samples: [Float], labels: [Int] = [],
    features: [Feature] = [], options: TrainerOptions
  ) throws(PackError) {
    trainer = try Trainer(
      teacher: teacher, student: student, training: try SourceDistillation.tensors(student),
      samples: samples, labels: labels, features: features, options: options)
  }

  /// Steps follow the size of the layer's weights, as those of a program do.
  private static func tensors(_ graph: Graph<Analog>) throws(PackError) -> [TrainedTensor] {
    var tensors: [TrainedTensor] = []
    var seen = Set<String>()
    for node in graph.nodes {
      let names: [String]
      switch node.op {
      case .convolution, .linear: names = node.op.payload.weightNames
      default: continue
      }
      guard let first = names.first else { continue }
      let values = try graph.weights.floats(first)
      let sum = values.reduce(0.0) { $0 + Double($1) * Double($1) }
      let size = Float((sum / Double(max(1, values.count))).squareRoot())
      for name in names where seen.insert(name).inserted {
        tensors.append(TrainedTensor(name, units: [10 * max(size, 1e-6)]))
      }
    }
    return tensors
  }

  public var steps: Int { trainer.steps }
  public var firstLoss: Double { trainer.firstLoss }
  public var bestLoss: Double { trainer.bestLoss }

  public mutating func step() throws(PackError) -> TrainingProgress { try trainer.step() }

  public mutating func check(on held: [Float]) throws(PackError) -> TrainingProgress {
    try trainer.check(on: held)
  }

  public func best() throws(PackError) -> Graph<Analog> { try trainer.bestGraph() }
  public func encoded() -> [UInt8] { trainer.encoded() }
  public mutating func resume(_ bytes: [UInt8]) throws(PackError) { try trainer.resume(bytes) }
}
