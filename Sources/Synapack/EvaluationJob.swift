internal import SynapackBundle
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackImport
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

extension Job {
  /// Measures a bundle, or a model converted for each T, on data.
  public func evaluate(
    _ request: EvaluationRequest, preprocess: String?, _ report: inout Report
  ) throws(PackError) -> EvaluationResult {
    let file = try MappedFile(path: request.file)
    guard BundleReader.recognises(file) else { return try evaluate(model: request, &report) }
    try request.checkForBundle()
    let stored = try BundleReader.read(file, &report)
    return try evaluate(stored, request, preprocess: preprocess, &report)
  }

  /// Measures a bundle that was read.
  ///
  /// - Parameter known: what the request's model answers to these very samples, where that is known.
  func evaluate(
    _ stored: StoredBundle, _ request: EvaluationRequest, preprocess: String? = nil,
    known: Evaluation.Analog? = nil, _ report: inout Report
  ) throws(PackError) -> EvaluationResult {
    let program = stored.bundle.program
    try request.checkTicks(of: program)
    guard !request.explain || request.model != nil else {
      throw PackError(
        .badOption, "a drop is explained against the model that the bundle was made from",
        at: .option("--explain"), hint: "name the model with --model")
    }
    let text = preprocess ?? stored.bundle.preprocess
    notePreprocess(preprocess, stored.bundle, request.data, &report)
    let most = request.timesteps?.max() ?? program.timesteps
    let samples = try self.samples(
      request, shape: program.input.shape, text,
      frames: program.inputValues > program.input.shape.count ? most : nil)
    let classes = program.populations[program.readout.population].shape.count
    let labels = try self.labels(request, samples, classes: classes)
    var analog = known
    var source: Graph<Analog>?
    if let model = request.model, known == nil {
      let graph = try ModelImporters.identified(
        ModelImporters.analog(path: model, options: importOptions, report: &report), path: model)
      source = graph
      noteOrigin(graph, stored.bundle, model, &report)
      analog = try Evaluation.analog(
        graph, samples, labels: labels, threads: threads, instruments: instruments)
    }
    var result = EvaluationResult(
      samples: samples.count, neuron: stored.bundle.neuron, analog: analog, spiking: [],
      footprintBytes: program.footprintBytes, connectionSparsity: program.connectionSparsity)
    for timesteps in request.timesteps ?? [program.timesteps] {
      let timed = program.running(timesteps)
      result.spiking.append(
        try Evaluation.spiking(
          timed, coding: stored.bundle.coding, samples, labels: labels, analog: analog?.decisions,
          threads: threads,
          instruments: instruments))
    }
    if request.explain, let source, let analog, let last = result.spiking.last {
      result.drop = try orRefused(&result) { () throws(PackError) in
        let drop = try explain(
          stored.bundle, last, of: source, analog, request, samples, labels)
        if drop.isOtherModel { try checkLayers(drop, program) }
        return drop
      }
    }
    let recipe = try? Recipe(stored: stored.bundle.recipe)
    for index in result.spiking.indices { result.spiking[index].promise(by: recipe) }
    noteChance(analog?.accuracy, classes: classes, samples, labels, &report)
    noteClipping(result, samples, &report)
    try noteRange(samples, program.input.encoding, &report)
    noteIdleExits(result, &report)
    return result
  }

  /// A model runs dense; with calibration inputs it is converted for each T and run as a program.
  private func evaluate(
    model request: EvaluationRequest, _ report: inout Report
  ) throws(PackError) -> EvaluationResult {
    let graph = try ModelImporters.analog(
      path: request.file, options: importOptions, report: &report)
    guard let input = graph.inputs.first, let output = graph.outputs.first else {
      throw PackError(
        .unsupportedInterface, "the model has no input or no output",
        hint: "export it with one input and one output")
    }
    if request.explain, recipe.readout != OutputDecoding.membrane.rawValue {
      throw PackError(
        .badOption, "a readout that counts spikes is not explained", at: .option("--explain"),
        hint: "leave it out, or use `--readout membrane`")
    }
    let ticks = request.timesteps?.max() ?? recipe.timesteps
    let recorded = recipe.input == InputKind.events.rawValue
    let samples = try self.samples(
      request, shape: graph.shape(of: input), recipe.preprocess, frames: recorded ? ticks : nil)
    let labels = try self.labels(request, samples, classes: graph.shape(of: output).count)
    let analog = try Evaluation.analog(
      graph, samples, labels: labels, threads: threads, instruments: instruments)
    noteChance(
      analog.accuracy, classes: graph.shape(of: output).count, samples, labels, &report)
    var result = EvaluationResult(
      samples: samples.count, neuron: recipe.neuron, analog: analog, spiking: [])
    guard let calibration = request.calibration else {
      guard request.timesteps == nil else {
        throw PackError(
          .badOption, "a model runs in ticks only once it is converted", at: .option("--timesteps"),
          hint: "add --calibration, or give a bundle")
      }
      guard !request.explain else {
        throw PackError(
          .badOption, "a drop is explained once there is a program", at: .option("--explain"),
          hint: "add --calibration, or give a bundle and its --model")
      }
      try request.checkForDenseRun()
      return result
    }
    let inputs = try Samples(
      path: calibration, key: request.keys.calibration, shape: graph.shape(of: input),
      preprocess: try Preprocess(recipe.preprocess), frames: recorded ? ticks : nil)
    for timesteps in request.timesteps ?? [recipe.timesteps] {
      var timed = recipe
      timed.timesteps = timesteps
      let explained = try converted(
        graph, timed, inputs.running(timesteps), samples, labels, analog, &report)
      result.footprintBytes = explained.program.footprintBytes
      result.connectionSparsity = explained.program.connectionSparsity
      result.spiking.append(explained.spiking)
      if result.spiking.count == 1 {
        try noteRange(samples, explained.program.input.encoding, &report)
      }
      // One explanation is given: that of the last row.
      guard request.explain, timesteps == request.timesteps?.last ?? timesteps else { continue }
      result.drop = try orRefused(&result) { () throws(PackError) in
        try Explainer.check(explained.program, layers: explained.layers())
        var unused = Report()
        let balanced = try converted(
          graph, timed.balanced, inputs.running(timesteps), samples, labels, analog, &unused)
        var drop = try explain(
          explained, balanced: balanced, of: graph, analog: analog, samples, labels: labels)
        try addAlternatives(to: &drop, timed) { (other) throws(PackError) in
          try converted(graph, other, inputs, samples, labels, analog, &unused).spiking
        }
        return drop
      }
    }
    noteClipping(result, samples, &report)
    noteIdleExits(result, &report)
    return result
  }

  /// An explanation, or the reason why there is none: what was measured before stays.
  private func orRefused(
    _ result: inout EvaluationResult, _ explain: () throws(PackError) -> DropReport
  ) throws(PackError) -> DropReport? {
    do throws(PackError) {
      return try explain()
    } catch {
      guard [.cannotSpike, .badOption].contains(error.code) else { throw error }
      result.notExplained = error
      return nil
    }
  }

  /// A conversion of the model, measured.
  func converted(
    _ graph: Graph<Analog>, _ recipe: Recipe, _ calibration: Samples, _ samples: Samples,
    _ labels: [Int]?, _ analog: Evaluation.Analog, _ report: inout Report
  ) throws(PackError) -> ExplainedProgram {
    let pipeline = Pipeline(recipe, threads: threads, instruments: instruments)
    let bundle = try pipeline.convert(graph, calibration: calibration, &report).bundle
    var spiking = try Evaluation.spiking(
      bundle.program, coding: bundle.coding, samples, labels: labels, analog: analog.decisions,
      threads: threads, instruments: instruments)
    spiking.promise(by: recipe)
    return ExplainedProgram(
      program: bundle.ungated, coding: bundle.coding, report: bundle.report, spiking: spiking)
  }

  private func samples(
    _ request: EvaluationRequest, shape: Shape, _ preprocess: String, frames: Int?
  ) throws(PackError) -> Samples {
    let samples = try Samples(
      path: request.data, key: request.keys.data, keyOption: "--data-key", shape: shape,
      preprocess: try Preprocess(preprocess), frames: frames)
    if let limit = request.limit, limit < 1 {
      throw PackError(
        .badOption, "\(limit) inputs", at: .option("--limit"), hint: "use 1 or more")
    }
    guard samples.count > 0 else {
      throw PackError(
        .wrongDataShape, "there are no inputs to evaluate", at: .file(request.data),
        hint: "give at least one input")
    }
    return samples.limited(to: request.limit)
  }

  private func labels(
    _ request: EvaluationRequest, _ samples: Samples, classes: Int
  ) throws(PackError) -> [Int]? {
    guard let path = request.labels else { return nil }
    return try Labels.read(
      path: path, key: request.keys.labels, count: samples.count, of: samples.total,
      classes: classes)
  }
}
