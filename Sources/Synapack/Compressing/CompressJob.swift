internal import SynapackBundle
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// What `compress` is asked for, as paths.
public struct CompressRequest: Sendable {
  public var model: String
  public var calibration: String
  public var calibrationKey: String?
  /// Inputs to measure on; the calibration inputs where there are none.
  public var data: String?
  public var labels: String?
  public var budget: Budget?
  public var output: String?

  public init(model: String, calibration: String) {
    self.model = model
    self.calibration = calibration
  }
}

extension Job {
  /// A compressed bundle and all that was tried on the way.
  public struct Compressed: Sendable {
    public var converted: Converted
    public var outcome: BudgetSearch.Outcome
    /// Whether a bundle was compressed, which is the first candidate then.
    public var isOfBundle: Bool
    /// Inputs that every candidate ran on.
    public var samples: Int
    /// The limits, each with what the winner has.
    public var limits: [(limit: Budget.Limit, measured: Double)]
  }

  /// Converts under a budget; without one, converts as the recipe says and measures what
  /// compression changed.
  ///
  /// A bundle is compressed as the network of the rates that its program sends, and what comes of
  /// it is compared with the bundle.
  ///
  /// - Throws: what a conversion throws; `SYN0301` for a model that is a spiking network already,
  ///   `SYN0801` for a bundle whose neurons have no rectifier's rate, `SYN0701` for labels without
  ///   inputs, for cores without a chip and for a method that solves no weights.
  public func compress(
    _ request: CompressRequest, _ report: inout Report
  ) throws(PackError) -> Compressed {
    let source = try CompressionSource.read(
      request.model, importOptions, threads: threads, &report
    ) { (program) throws(PackError) in
      try observed(program, request)
    }
    guard BalancingMethods.named(recipe.method)?.fit?.refitsWeights == true else {
      throw PackError(
        .badOption, "the method \(recipe.method) solves no weights, so none can be made small",
        at: .option("--method"), hint: "use `--method refit`")
    }
    let limits = request.budget?.limits ?? []
    guard recipe.chip != nil || !limits.contains(where: { $0.measure == .cores }) else {
      throw PackError(
        .badOption, "cores are limited, and no chip says what a core holds",
        at: .option("--budget"), hint: "name the chip with --chip")
    }
    let graph = source.graph
    let samples = try inputs(
      graph, request.calibration, request.calibrationKey, request.output)
    let measured = try measuring(graph, request) ?? samples
    let bench = try CandidateBench(
      source, measured, labels: labels(graph, measured, request), threads: threads,
      instruments: instruments)
    let training = try distillationInputs(graph)
    let importReport = report
    // Kept, so that the winner is not converted again.
    var results: [Recipe: (result: Pipeline.Result, report: Report)] = [:]
    let base = try base(source)
    let outcome = try search(request, base: base) { (recipe) throws(PackError) in
      if let stored = source.stored, recipe == base {
        return try bench.measured(stored.bundle, recipe)
      }
      var own = importReport
      let result = try inModel(request.model, recipe, training) { (pipeline) throws(PackError) in
        try pipeline.convert(graph, calibration: samples, &own)
      }
      results[recipe] = (result, own)
      return try bench.measured(result.bundle, recipe)
    }
    let winner = outcome.candidates[outcome.winner]
    guard let found = results[winner.recipe] else {
      throw PackError(
        .defect, "the best candidate was not converted", hint: "please report this model")
    }
    report = found.report
    return Compressed(
      converted: try packed(found.result), outcome: outcome, isOfBundle: source.stored != nil,
      samples: measured.count,
      limits: limits.map { ($0, winner.value($0.measure, base: outcome.candidates[0])) })
  }

  /// The first inputs of a calibration, encoded for a program; they say how its neurons respond.
  private func observed(
    _ program: SpikingProgram, _ request: CompressRequest
  ) throws(PackError) -> [[Int32]] {
    let frames = program.inputValues > program.input.shape.count ? program.timesteps : nil
    let samples = try Samples(
      path: request.calibration, key: request.calibrationKey, keyOption: "--calibration-key",
      shape: program.input.shape, preprocess: try Preprocess(recipe.preprocess), frames: frames
    ).limited(to: 128)
    return Pipeline(recipe, threads: threads, instruments: instruments).encode(
      try samples.running(program.timesteps).values(0..<samples.count), program, limit: .max)
  }

  /// What compression starts from: the recipe without any, or a bundle as it is.
  private func base(_ source: CompressionSource) throws(PackError) -> Recipe {
    if let stored = source.stored {
      var base = try Recipe(stored: stored.bundle.recipe)
      // No recipe that a search makes is taken for the bundle's own.
      base.given = ["bundle"]
      return base
    }
    var plain = recipe
    (plain.weightBits, plain.weightLevels) = (max(8, recipe.weightBits), "uniform")
    (plain.sparsity, plain.prune, plain.spikePrice, plain.bitPrice) = (0, "weight", 0, 0)
    (plain.channelSparsity, plain.distilSteps, plain.distilSourceSteps) = (0, 0, 0)
    plain.meanBits = nil
    return plain
  }

  private func search(
    _ request: CompressRequest, base: Recipe, _ measure: BudgetSearch.Measure
  ) throws(PackError) -> BudgetSearch.Outcome {
    if let budget = request.budget {
      return try search(budget, base: base, measure)
    }
    let before = try measure(base)
    let after = recipe == base ? before : try measure(recipe)
    return BudgetSearch.Outcome(candidates: [before, after], winner: 1, keepsBudget: true)
  }

  /// Searches without training, and trains what was found: each step of a search would take as long.
  private func search(
    _ budget: Budget, base: Recipe, _ measure: BudgetSearch.Measure
  ) throws(PackError) -> BudgetSearch.Outcome {
    var untrained = recipe
    (untrained.distilSteps, untrained.distilSourceSteps) = (0, 0)
    var outcome = try BudgetSearch(budget).run(from: untrained, base: base, measure: measure)
    guard recipe.distilSteps > 0 else { return outcome }
    var trained = outcome.candidates[outcome.winner].recipe
    trained.distilSteps = recipe.distilSteps
    if trained.losesChannels {
      trained.distilSourceSteps = Recipe.sourceSteps(for: recipe.distilSteps)
    }
    let candidate = try measure(trained)
    outcome.candidates.append(candidate)
    let keeps = candidate.excess(budget, base: outcome.candidates[0]) <= 1
    let wins =
      keeps && !outcome.keepsBudget
      || keeps == outcome.keepsBudget
        && candidate.distance < outcome.candidates[outcome.winner].distance
    if wins { (outcome.winner, outcome.keepsBudget) = (outcome.candidates.count - 1, keeps) }
    return outcome
  }

  private func labels(
    _ graph: Graph<Analog>, _ samples: Samples, _ request: CompressRequest
  ) throws(PackError) -> [Int]? {
    guard let path = request.labels else { return nil }
    guard request.data != nil else {
      throw PackError(
        .badOption, "labels without the inputs that they belong to", at: .option("--labels"),
        hint: "give the inputs with --data")
    }
    let classes = graph.outputs.first.map { graph.shape(of: $0).count } ?? 0
    return try Labels.read(
      path: path, key: nil, count: samples.count, of: samples.total, classes: classes)
  }

  private func measuring(
    _ graph: Graph<Analog>, _ request: CompressRequest
  ) throws(PackError) -> Samples? {
    try request.data.map { (path) throws(PackError) in
      try samples(path, key: nil, for: graph, recipe.preprocess)
    }
  }
}
