internal import SynapackCompress
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Trains a network or a program as the recipe says, until its steps, the time or the user's patience
/// are at an end, and takes what did best on inputs that were held back.
///
/// The last eighth of the inputs to train on is held back, 512 at most. Inputs of calibration would
/// not do where there are others: the program was fitted to them and looks better there than it is.
struct Distillation: Sendable {
  /// What is trained.
  enum Subject: String, Sendable {
    case source = "the smaller source network"
    case program = "the program"
  }

  let subject: Subject
  let steps: Int
  let inputs: DistillationInputs
  /// The share of the time limit that this training may take.
  let share: Double
  let instruments: Instruments

  /// Steps between two looks at the held inputs.
  static let stepsBetweenChecks = 50

  /// - Parameters:
  ///   - source: the network that was imported, the teacher where the request names no other.
  ///   - calibration: the calibration inputs, one after the other.
  ///   - make: the training, given its teacher, its inputs and their labels.
  /// - Throws: what `make` throws; `SYN0803` for a checkpoint of another run, `SYN0804` where
  ///   training diverged.
  func run<Trained: TrainedByDistillation>(
    _ source: Graph<Analog>, calibration: [Float], _ report: inout Report,
    _ make: (Teacher, _ samples: [Float], _ labels: [Int]) throws(PackError) -> Trained
  ) throws(PackError) -> Trained.Result {
    let size = max(1, source.inputs.first.map { source.shape(of: $0).count } ?? 1)
    let (samples, held, labels) = try split(calibration, size)
    var distillation = try make(inputs.teacher ?? .network(source), samples, labels)
    if try !resume(&distillation) { _ = try distillation.check(on: held) }
    let start = instruments.now()
    let begun = distillation.steps
    var saved = start
    var agreement: Double?
    while distillation.steps < steps, goesOn(since: start) {
      let step = try distillation.step()
      show(step, agreement, since: start, from: begun)
      if distillation.steps % Distillation.stepsBetweenChecks == 0 {
        agreement = try distillation.check(on: held).agreement
      }
      if instruments.now() - saved > 60 {
        saved = instruments.now()
        try save(distillation)
      }
    }
    try save(distillation)
    // After the state is kept: a run that goes on from it must not have looked at a step where a run
    // that was never cut does not.
    let end = try distillation.check(on: held)
    let best = try distillation.best()
    report.add(
      Loss(
        .distilled, .note, subject: "weights",
        "\(subject.rawValue) was trained for \(distillation.steps) steps, loss on held inputs "
          + "\(SignificantDigits.rounded(distillation.firstLoss, 3)) to "
          + "\(SignificantDigits.rounded(distillation.bestLoss, 3)) at its best, which is kept; "
          + "`measured` is the share of them that it decided as its \(teacher) at the end",
        measured: end.agreement))
    return best
  }

  /// The teacher in words, by the identity of its bundle where it has one.
  private var teacher: String {
    guard case .program(_, let identity) = inputs.teacher else { return "source" }
    return "teacher, the program of bundle \(identity.description.prefix(16)),"
  }

  /// Inputs to train on and inputs to check on.
  private func split(
    _ calibration: [Float], _ size: Int
  ) throws(PackError) -> (samples: [Float], held: [Float], labels: [Int]) {
    let all = try inputs.samples.map { (samples) throws(PackError) in
      try samples.values(0..<samples.count)
    }
    let values = all ?? calibration
    let count = values.count / size
    let trained = count - min(512, count / 8)
    // Of a handful of inputs none is spared.
    let held = trained < count ? Array(values[trained * size..<count * size]) : values
    return (Array(values[..<(trained * size)]), held, Array(inputs.labels.prefix(trained)))
  }

  private var seconds: Double? { inputs.request.maxSeconds.map { $0 * share } }

  private func goesOn(since start: Double) -> Bool {
    !inputs.request.isInterrupted() && seconds.map { instruments.now() - start < $0 } ?? true
  }

  private func show(
    _ step: TrainingProgress, _ agreement: Double?, since start: Double, from first: Int
  ) {
    var words = "distil: loss \(SignificantDigits.rounded(step.loss, 3))"
    if let agreement { words += ", agrees \(SignificantDigits.rounded(100 * agreement, 3)) %" }
    if step.step > first {
      let spent = instruments.now() - start
      let rest = spent / Double(step.step - first) * Double(steps - step.step)
      let left = min(rest, seconds.map { $0 - spent } ?? rest)
      words += ", \(Int((max(0, left) / 60).rounded(.up))) min left"
    }
    instruments.progress(words, step.step, steps)
  }

  /// Each training has a state of its own.
  private var checkpoint: String? {
    inputs.request.checkpoint.map { subject == .source ? $0 + ".source" : $0 }
  }

  /// Whether a state was taken up.
  private func resume(_ distillation: inout some TrainedByDistillation) throws(PackError) -> Bool {
    guard let path = checkpoint, MappedFile.exists(path) else { return false }
    try within(.file(path)) { () throws(PackError) in
      let file = try MappedFile(path: path)
      try distillation.resume(file.copy)
    }
    return true
  }

  private func save(_ distillation: some TrainedByDistillation) throws(PackError) {
    guard let path = checkpoint else { return }
    try AtomicFile.write(distillation.encoded(), to: path)
  }
}

extension Recipe {
  /// - Throws: `SYN0701` for a number out of range, `SYN0703` for unknown views.
  func checkDistillation() throws(PackError) {
    try Recipe.check("distil-steps", distilSteps, 0...1_000_000)
    try Recipe.check("distil-source-steps", distilSourceSteps, 0...10_000_000)
    guard distilRate > 0, distilRate <= 1 else {
      throw PackError(
        .badOption, "a learning rate of \(distilRate)", at: .option("--distil-rate"),
        hint: "use a number above 0 and up to 1, such as 0.001")
    }
    _ = try augmentation()
    let path = try gradientPath()
    for (option, weight, subject) in [
      ("--distil-features", distilFeatures, "values inside the source network"),
      ("--distil-operations", distilOperations, "operations"),
    ] {
      guard (0...1_000).contains(weight) else {
        throw PackError(
          .badOption, "\(subject) that count \(weight) times", at: .option(option),
          hint: "use a number from 0 to 1000")
      }
      guard path == .rates || weight == 0 else {
        throw PackError(
          .badOption, "\(subject) are told from rates, and gradients go through ticks",
          at: .option(option), hint: "use `--distil-through rates`, or leave it out")
      }
    }
  }

  /// - Throws: `SYN0703` for an unknown name.
  private func gradientPath() throws(PackError) -> GradientPath {
    guard let path = GradientPath(rawValue: distilThrough) else {
      throw Recipe.unknown("distil-through", distilThrough, "rates or ticks")
    }
    return path
  }

  /// How the program is trained.
  ///
  /// - Throws: what ``levels()`` and ``augmentation()`` throw; `SYN0703` for an unknown name.
  func distillationOptions(threads: Int) throws(PackError) -> DistillationOptions {
    DistillationOptions(
      training: try training(steps: distilSteps, threads: threads), levels: try levels().grid,
      keepsZeros: removesWeights || bitPrice > 0, keepsStarts: start == "zero",
      path: try gradientPath())
  }

  /// The steps of a training before the conversion, where a step runs no ticks.
  public static func sourceSteps(for steps: Int) -> Int { 10 * steps }

  /// - Throws: what ``augmentation()`` throws.
  func training(steps: Int, threads: Int) throws(PackError) -> TrainerOptions {
    var training = TrainerOptions(steps: steps)
    training.batch = 64
    training.rate = Float(distilRate)
    training.featureWeight = Float(distilFeatures)
    training.operationWeight = Float(distilOperations)
    training.seed = UInt64(bitPattern: Int64(seed))
    training.threads = threads
    training.warmUp = min(Distillation.stepsBetweenChecks, steps / 10)
    // A mean over a tenth of the steps so far, and over as many as lie between two looks at most.
    training.averaging = 1 - 1 / Float(Distillation.stepsBetweenChecks)
    training.augmentation = try augmentation()
    return training
  }

  /// Views of the inputs, as `flip,shift=2,mix`.
  ///
  /// - Throws: `SYN0703` for anything else.
  func augmentation() throws(PackError) -> Augmentation {
    var views = Augmentation()
    for part in distilViews.split(separator: ",") {
      let parts = part.split(separator: "=", omittingEmptySubsequences: false)
      if part == "flip" {
        views.flips = true
      } else if part == "mix" {
        views.mixes = true
      } else if parts.count == 2, parts[0] == "shift", let cells = Int(parts[1]),
        (0...64).contains(cells)
      {
        views.shift = cells
      } else {
        throw Recipe.unknown(
          "distil-views", distilViews, "flip, shift=CELLS and mix, separated by commas")
      }
    }
    return views
  }
}
