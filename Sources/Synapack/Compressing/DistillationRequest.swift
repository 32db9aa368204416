internal import SynapackBundle
internal import SynapackCompress
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What a conversion that trains its program is asked for, beside its recipe.
public struct DistillationRequest: Sendable {
  /// Inputs to train on, read as those of calibration; these themselves where absent.
  public var data: String?
  /// A bundle whose program is the teacher; the source network where absent.
  public var teacher: String?
  /// The class of each of them, where it is known.
  public var labels: String?
  /// After so many seconds of training the best program so far is taken; `nil` for no limit.
  public var maxSeconds: Double?
  /// A file that the state is kept in, and taken up from where it exists.
  public var checkpoint: String?
  /// Whether the user wants the training to end now, with the best so far.
  public var isInterrupted: @Sendable () -> Bool

  public init(isInterrupted: @escaping @Sendable () -> Bool = { false }) {
    self.isInterrupted = isInterrupted
  }
}

/// What training needs, read.
struct DistillationInputs: Sendable {
  var request: DistillationRequest
  /// Inputs to train on; those of calibration where absent.
  var samples: Samples?
  /// Whom to answer as; the source network where absent.
  var teacher: Teacher?
  var labels: [Int] = []

  /// Those of calibration, until the last step.
  static let calibration = DistillationInputs(request: DistillationRequest())
}

extension Job {
  /// The inputs to train on; no file is read where the recipe asks for no training.
  ///
  /// - Throws: `SYN0701` for recorded events, and for options of training without any.
  func distillationInputs(_ graph: Graph<Analog>) throws(PackError) -> DistillationInputs {
    guard recipe.trains else { return .calibration }
    guard recipe.input != "events" else {
      throw PackError(
        .badOption, "recorded events have a time that a source network knows nothing of",
        at: .option("--distil"), hint: "use `--input current`")
    }
    var inputs = DistillationInputs(request: distillation)
    inputs.teacher = try distillation.teacher.map { (path) throws(PackError) in
      try teacher(path, of: graph)
    }
    guard let path = distillation.data else {
      guard distillation.labels == nil else {
        throw PackError(
          .badOption, "labels without the inputs that they belong to",
          at: .option("--distil-labels"), hint: "give the inputs with --distil-data")
      }
      return inputs
    }
    let samples = try samples(path, key: nil, for: graph, recipe.preprocess)
    inputs.samples = samples
    if let labels = distillation.labels {
      let classes = graph.outputs.first.map { graph.shape(of: $0).count } ?? 0
      inputs.labels = try Labels.read(
        path: labels, key: nil, count: samples.count, of: samples.total, classes: classes)
    }
    return inputs
  }

  /// The program of a bundle, which must take and give what the network does.
  ///
  /// - Throws: what reading throws; `SYN0701` for a program of other inputs or outputs.
  private func teacher(_ path: String, of graph: Graph<Analog>) throws(PackError) -> Teacher {
    var unused = Report()
    let stored = try FoundFile.bundle(try MappedFile(path: path), &unused)
    let program = stored.bundle.program
    func refused(_ message: String, _ hint: String) -> PackError {
      PackError(.badOption, message, at: .option("--distil-teacher"), hint: hint)
    }
    guard stored.bundle.preprocess == recipe.preprocess else {
      throw refused(
        "the bundle takes inputs by `\(stored.bundle.preprocess)`, this conversion by "
          + "`\(recipe.preprocess)`", "give both the same --preprocess")
    }
    if case .events = program.input.encoding {
      throw refused(
        "the bundle takes recorded events", "use a bundle that was made with `--input current`")
    }
    let readout = program.populations[program.readout.population].shape
    guard let input = graph.inputs.first, let output = graph.outputs.first,
      graph.shape(of: input) == program.input.shape,
      graph.shape(of: output).count == readout.count
    else {
      throw refused(
        "the bundle turns \(program.input.shape) into \(readout.count) scores, which the model "
          + "does not", "use a bundle that was made from a network for the same task")
    }
    return .program(program, identity: stored.contentID)
  }
}
