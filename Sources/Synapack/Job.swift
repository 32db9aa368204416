internal import SynapackBundle
public import SynapackConvert
public import SynapackGraph
internal import SynapackImport
public import SynapackPolicy
internal import SynapackProgram
public import SynapackSupport
internal import SynapackTensor

/// What the command does, from paths to results: everything but the printing.
public struct Job: Sendable {
  public let recipe: Recipe
  public let threads: Int
  public let instruments: Instruments
  public let importOptions: ImportOptions
  /// What training needs where the recipe asks for it.
  public let distillation: DistillationRequest
  /// When the search for places ends early, where the recipe names a chip.
  public let search: PlacementSearch

  public init(
    recipe: Recipe, threads: Int, instruments: Instruments,
    importOptions: ImportOptions = ImportOptions(),
    distillation: DistillationRequest = DistillationRequest(),
    search: PlacementSearch = PlacementSearch()
  ) {
    self.search = search
    self.distillation = distillation
    self.recipe = recipe
    self.threads = threads
    self.instruments = instruments
    self.importOptions = importOptions
  }

  /// A bundle as bytes, with what a summary says of it.
  public struct Converted: Sendable {
    public var bytes: [UInt8]
    public var contentID: String
    /// Bytes that the weights take in the file, and the entropy of their levels in bytes.
    public var weightBytes: Int
    public var weightEntropyBytes: Int
    /// T of the windows; `timesteps` of a gated program are those of its whole clock.
    public var windowTicks: Int
    public var timesteps: Int
    public var schedule: String
    public var errors: [LayerError]
    /// The output shape of each layer, by name, as text.
    public var shapes: [String: String]
    /// One object a layer, as `synapack.convert/1` has them.
    public var layers: [JSON]
  }

  /// Imports, converts, places and packs.
  ///
  /// - Throws: what the stages throw; `SYN0701` where `output` is a file that holds weights.
  public func convert(
    model: String, calibration: String, calibrationKey: String? = nil, output: String? = nil,
    _ report: inout Report
  ) throws(PackError) -> Converted {
    let imported = try ModelImporters.read(
      path: model, options: importOptions, report: &report)
    let result: Pipeline.Result
    switch imported {
    case .analog(let analog):
      let graph = try ModelImporters.identified(analog, path: model)
      let samples = try inputs(graph, calibration, calibrationKey, output)
      let training = try distillationInputs(graph)
      result = try inModel(model, recipe, training) { (pipeline) throws(PackError) in
        try pipeline.convert(graph, calibration: samples, &report)
      }
    case .spiking(let graph):
      guard recipe.distilSteps == 0 else {
        throw PackError(
          .badOption, "a spiking network has no source to learn from", at: .option("--distil"),
          hint: "convert the network that it was made from")
      }
      let samples = try inputs(graph, calibration, calibrationKey, output)
      result = try inModel(model, recipe) { (pipeline) throws(PackError) in
        try pipeline.convert(graph, calibration: samples, &report)
      }
    }
    return try packed(result)
  }

  /// A result as bytes, with what a summary says of it.
  func packed(_ result: Pipeline.Result) throws(PackError) -> Converted {
    let bytes = try BundleWriter.bytes(of: result.bundle)
    // The file is read back by the reader that users have, before anyone else does.
    let stored = try Job.readBack(bytes)
    return summary(result, bytes, stored)
  }

  /// The calibration inputs, once it is clear that the output spares the weights.
  func inputs<P: Phase>(
    _ graph: Graph<P>, _ calibration: String, _ key: String?, _ output: String?
  ) throws(PackError) -> Samples {
    let files = Set(graph.weights.names.compactMap { graph.weights[$0]?.filePath })
    if let output, let file = files.sorted().first(where: { AtomicFile.isSame(output, as: $0) }) {
      throw PackError(
        .badOption, "the output would replace the weights in \(file)", at: .option("--output"),
        hint: "write to another file")
    }
    return try samples(calibration, key: key, for: graph, recipe.preprocess)
  }

  /// Runs a pipeline of `recipe`; an error that names no file is one of the model.
  func inModel(
    _ path: String, _ recipe: Recipe, _ training: DistillationInputs = .calibration,
    _ body: (Pipeline) throws(PackError) -> Pipeline.Result
  ) throws(PackError) -> Pipeline.Result {
    do {
      return try body(
        Pipeline(
          recipe, threads: threads, instruments: instruments, distillation: training,
          search: search))
    } catch {
      throw error.isInFile ? error : error.at(.file(path))
    }
  }

  /// - Throws: `SYN0901` where our own reader refuses what was just written: nobody else's fault.
  private static func readBack(_ bytes: [UInt8]) throws(PackError) -> StoredBundle {
    var report = Report()
    do {
      return try BundleReader.read(bytes, &report)
    } catch {
      throw PackError(
        .defect, "the bundle does not read back: \(error.code) \(error.message)",
        hint: "please report this model")
    }
  }

  private func summary(
    _ result: Pipeline.Result, _ bytes: [UInt8], _ stored: StoredBundle
  ) -> Converted {
    let program = stored.bundle.program
    var shapes: [String: [Int]] = [:]
    for population in program.populations { shapes[population.name] = population.shape.dimensions }
    let layers = result.layers.map { layer -> JSON in
      guard case .object(var members) = ConversionReport.json(layer) else { return .null }
      members["op"] = "spike"
      members["outputShape"] = .array((shapes[layer.name] ?? []).map(JSON.integer))
      return .object(members)
    }
    return Converted(
      bytes: bytes, contentID: stored.contentID.description, weightBytes: stored.weightBytes,
      weightEntropyBytes: WeightEntropy.bytes(of: program),
      windowTicks: GatedProgram.windowTicks(of: program),
      timesteps: program.timesteps, schedule: program.schedule.description,
      errors: result.layers,
      shapes: shapes.mapValues { $0.map(String.init).joined(separator: "×") }, layers: layers)
  }

  /// The data of a file for the input of a graph.
  func samples<P: Phase>(
    _ path: String, key: String?, for graph: Graph<P>, _ preprocess: String
  ) throws(PackError) -> Samples {
    guard let input = graph.inputs.first else {
      throw PackError(
        .unsupportedInterface, "the model has no input", hint: "export it with one input")
    }
    return try Samples(
      path: path, key: key, keyOption: "--calibration-key", shape: graph.shape(of: input),
      preprocess: try Preprocess(preprocess),
      frames: recipe.input == InputKind.events.rawValue ? recipe.timesteps : nil)
  }

  /// The bundle or model of a path, described.
  ///
  /// Weights are not read unless `digests` asks for the digest of the graph, which is that of
  /// every other file of the same network.
  public static func inspect(
    _ path: String, options: ImportOptions = ImportOptions(), digests: Bool = false,
    threads: Int = 1, _ report: inout Report
  ) throws(PackError) -> JSON {
    let file = try ModelImporters.mapped(path)
    if BundleReader.recognises(file) {
      return Inspection.bundle(try BundleReader.read(file, &report))
    }
    var options = options
    options.readsWeights = digests
    switch try ModelImporters.read(path: path, options: options, report: &report) {
    case .analog(let graph):
      return Inspection.model(
        graph, digest: try digests ? graph.canonicalDigest(threads: threads) : nil)
    case .spiking(let graph):
      return Inspection.spiking(
        graph, digest: try digests ? graph.canonicalDigest(threads: threads) : nil)
    }
  }

  /// Every check that a bundle gets without a policy.
  public static func validate(_ path: String, threads: Int) throws(PackError) -> [Check] {
    var report = Report()
    let stored = try FoundFile.bundle(try MappedFile(path: path), &report)
    return try Validation.checks(stored, threads: threads, report)
  }

  /// What a replay compared and found.
  public struct Replayed: Sendable {
    public var vectors: Int
    /// Ticks of all populations and vectors together.
    public var ticks: Int
    public var findings: [Finding]
  }

  /// Runs the conformance vectors of a bundle.
  public static func replay(_ path: String, threads: Int) throws(PackError) -> Replayed {
    var report = Report()
    let stored = try FoundFile.bundle(try MappedFile(path: path), &report)
    let vectors = stored.bundle.conformance
    guard !vectors.isEmpty else {
      throw PackError(
        .missingSection, "the bundle carries no conformance vectors", at: .file(path),
        hint: "make the bundle again with `synapack convert`")
    }
    return Replayed(
      vectors: vectors.count,
      ticks: vectors.reduce(0) { $0 + $1.populations.reduce(0) { $0 + $1.count } },
      findings: try Validation.replay(stored.bundle, threads: threads))
  }
}
