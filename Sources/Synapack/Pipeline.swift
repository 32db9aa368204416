public import SynapackBundle
internal import SynapackCompress
public import SynapackConvert
public import SynapackGraph
internal import SynapackPlace
internal import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport
internal import SynapackTensor

/// The main job: from a graph and unlabelled inputs to a bundle.
public struct Pipeline: Sendable {
  public private(set) var recipe: Recipe
  public let threads: Int
  let instruments: Instruments
  let distillation: DistillationInputs
  private let search: PlacementSearch

  public init(_ recipe: Recipe, threads: Int, instruments: Instruments) {
    self.init(recipe, threads: threads, instruments: instruments, distillation: .calibration)
  }

  init(
    _ recipe: Recipe, threads: Int, instruments: Instruments, distillation: DistillationInputs,
    search: PlacementSearch = PlacementSearch()
  ) {
    self.search = search
    self.distillation = distillation
    self.recipe = recipe
    self.threads = threads
    self.instruments = instruments
  }

  /// What a conversion gave.
  public struct Result: Sendable {
    public var bundle: Bundle
    public var layers: [LayerError]
    public var graph: Graph<Spiking>
  }

  /// Samples on which each bundle's conformance is proved.
  static let conformanceSamples = 3
  /// Samples on which the unevenness of each layer is measured.
  static let attributionSamples = 32

  /// Runs every stage, in this order, on an imported graph.
  ///
  /// - Throws: what the stages throw; `SYN0308` where a loss of severity error is not allowed.
  public func convert(
    _ imported: Graph<Analog>, calibration samples: Samples, _ report: inout Report
  ) throws(PackError) -> Result {
    // The chip is read first: a wrong name must not cost a calibration.
    let (pipeline, chip) = try forChip(&report)
    return try pipeline.converted(imported, calibration: samples, chip, &report)
  }

  /// The pipeline with the chip's defaults where nothing was given, and the chip.
  func forChip(_ report: inout Report) throws(PackError) -> (Pipeline, Chip?) {
    guard let name = recipe.chip else { return (self, nil) }
    let chip = try ChipLibrary.chip(name)
    var pipeline = self
    pipeline.recipe = recipe.following(chip, &report)
    return (pipeline, chip)
  }

  private func converted(
    _ imported: Graph<Analog>, calibration samples: Samples, _ chip: Chip?,
    _ report: inout Report
  ) throws(PackError) -> Result {
    let options = try recipe.options()
    // Rules come first: calibration must see the weights that the program will have.
    let folded = try stage("fold", &report) { (report) throws(PackError) in
      try GraphRules.applied(to: imported, &report)
    }
    // The names and the plan refuse before any long work.
    for node in folded.nodes { try LayerName.check(node.name) }
    try SpikingPlan(folded).check()
    guard samples.count > 0 else {
      throw PackError(
        .emptyCalibration, "there are no calibration inputs", at: .file(samples.name),
        hint: "give a few hundred unlabelled inputs with --calibration")
    }
    let values = try samples.means(0..<samples.count)
    samples.noteConstant(values, &report)
    let frames = try samples.frames == nil ? nil : samples.values(0..<samples.count)
    let inputs = frames ?? values
    let network = try smaller(folded, values, &report)
    let graph = network.graph
    // Of the network that is converted: it says where thresholds are needed.
    let plan = SpikingPlan(graph)
    try plan.check()
    let calibration = try stage("calibrate", &report) { (_) throws(PackError) in
      try Calibration(graph, sites: plan.sites, samples: values, threads: threads)
    }
    try samples.noteScale(calibration, graph, &report)
    let balance = try stage("balance", &report) { (report) throws(PackError) in
      try Balance(plan.sites, calibration, options, threads: threads, &report)
    }
    let spiking = try stage("convert", &report) { (report) throws(PackError) in
      try SpikingConversion.convert(
        graph, plan: plan, balance: balance, options: options, &report)
    }
    let encoding = try options.input.encoding(
      of: inputs, bits: options.inputBits, seed: options.seed)
    let goals = try fitGoals(spiking, encoding, options, values)
    let fit = try fit(graph, plan, values, frames, options, goals, &report)
    // Integers last: what is rounded here is what every later stage runs, places and stores.
    var lowered = try stage("quantize", &report) { (report) throws(PackError) in
      try ProgramLowering.lower(
        spiking, input: encoding, options: options, fit: fit, &report)
    }
    if recipe.weightShare > 0 {
      report.add(
        Loss(
          .pruned, .note, subject: "weights",
          "weights were removed as asked; `measured` is the share that is zero now",
          measured: lowered.program.connectionSparsity))
    }
    lowered.program = try distilled(lowered, network, values, &report)
    lowered.program = try readOut(lowered.program, inputs, options, &report)
    try noteReset(lowered.program, inputs, means: values, of: imported, &report)
    try noteDecisions(lowered.program, inputs, means: values, of: imported, &report)
    return try prove(
      lowered, plan, calibration, encoded: encode(inputs, lowered.program), of: imported, spiking,
      chip, &report)
  }

  /// The stages behind the finished program, which measure, place and prove it.
  private func prove(
    _ lowered: LoweredProgram, _ plan: SpikingPlan, _ calibration: Calibration,
    encoded: [[Int32]], of imported: Graph<Analog>, _ spiking: Graph<Spiking>,
    _ chip: Chip?, _ report: inout Report
  ) throws(PackError) -> Result {
    // Attribution needs the finished program: unevenness is a matter of its ticks.
    let layers = try stage("attribute", &report) { (_) throws(PackError) in
      try LayerErrors.measure(
        lowered, sites: plan.sites, calibration, samples: encoded,
        coding: try recipe.options().coding, threads: threads)
    }
    return try finish(
      lowered, layers, encoded: encoded, origin: imported.origin, spiking, chip, &report)
  }

  /// Places, proves and packs a program.
  func finish(
    _ given: LoweredProgram, _ layers: [LayerError], encoded: [[Int32]], origin: Origin,
    _ spiking: Graph<Spiking>, _ chip: Chip?, _ report: inout Report
  ) throws(PackError) -> Result {
    // Gates change no spike, so everything before is measured without them.
    let lowered = try gated(given, encoded, &report)
    // Placement needs the spike rates that attribution measured.
    let placement = try stage("place", &report) { (report) throws(PackError) in
      try place(lowered.program, layers, timesteps: given.program.timesteps, on: chip, &report)
    }
    // Conformance proves the program as it is stored, so it is recorded after everything else.
    let conformance = try stage("prove", &report) { (report) throws(PackError) in
      let seen = try Examination.all(
        of: lowered.program, inputs: Array(encoded.prefix(Pipeline.conformanceSamples)),
        threads: threads)
      let losses = try ProgramSanity.losses(lowered.program, seen, threads: threads)
      for loss in losses { report.add(loss) }
      return seen.map(\.record)
    }
    try LossPolicy.check(report, allowed: recipe.allow)
    var resolved = recipe
    // The chip by its own name: a path would tell where the file lay and change the bytes.
    resolved.chip = chip?.id
    let bundle = Bundle(
      program: lowered.program, placement: placement, recipe: resolved.json.text(),
      report: ConversionReport.json(report, layers, lowered.layers).text(),
      conformance: conformance,
      preprocess: recipe.preprocess, origin: stored(origin), generator: Version.generator)
    return Result(bundle: bundle, layers: layers, graph: spiking)
  }

  private func gated(
    _ lowered: LoweredProgram, _ encoded: [[Int32]], _ report: inout Report
  ) throws(PackError) -> LoweredProgram {
    guard recipe.gated else { return lowered }
    return try stage("gate", &report) { (report) throws(PackError) in
      let (program, clocks) = try GatedProgram.gated(lowered.program)
      report.add(
        try GateCost(
          lowered.program, gated: program, coding: try recipe.options().coding,
          inputs: Array(encoded.prefix(Pipeline.conformanceSamples))
        ).loss)
      var gated = lowered
      gated.program = program
      gated.layers.insert(
        contentsOf: program.populations.prefix(clocks).map {
          LoweredLayer(name: $0.name, amplitude: [], unit: [])
        }, at: 0)
      return gated
    }
  }

  func stage<Value>(
    _ name: String, _ report: inout Report,
    _ body: (inout Report) throws(PackError) -> Value
  ) throws(PackError) -> Value {
    let start = instruments.now()
    instruments.progress(name, 0, 1)
    let value = try body(&report)
    instruments.progress(name, 1, 1)
    report.add(
      Stage(
        name: name, seconds: instruments.now() - start, peakBytes: instruments.peakBytes()))
    return value
  }

  /// Sets how the finished program is read; a rule that stops it is found on what it really sends.
  func readOut(
    _ program: SpikingProgram, _ values: [Float], _ options: ConversionOptions,
    _ report: inout Report
  ) throws(PackError) -> SpikingProgram {
    let request = try recipe.readoutRequest()
    guard request != ReadoutRequest() else { return program }
    return try stage("readout", &report) { (report) throws(PackError) in
      try request.applied(
        to: program, payloads: options.payloads, inputs: encode(values, program, limit: .max),
        threads: threads, &report)
    }
  }

  func encode(
    _ values: [Float], _ program: SpikingProgram, limit: Int = Pipeline.attributionSamples
  ) -> [[Int32]] {
    let size = max(1, program.inputValues)
    return stride(from: 0, to: values.count, by: size).prefix(limit).map {
      program.encode(Array(values[$0..<$0 + size])).payloads
    }
  }

  private func place(
    _ program: SpikingProgram, _ layers: [LayerError], timesteps: Int, on chip: Chip?,
    _ report: inout Report
  ) throws(PackError) -> Placement? {
    guard let chip else { return nil }
    var rates: [Double] = []
    for population in program.populations {
      let rate = layers.first { $0.name == population.name }?.spikeRate ?? 0
      let clock = GatedProgram.clockTick(of: population).map { program.timesteps - $0 }
      rates.append(clock.map(Double.init) ?? rate * Double(timesteps))
    }
    return try search.run(instruments, &report) { (proceed) throws(PackError) in
      try Placer.place(
        program, on: chip, rates: rates,
        accepted: Set(recipe.allow.map(ErrorCode.init(rawValue:))),
        options: .init(threads: threads), removed: recipe.channelShare, proceed: proceed)
    }.result
  }

  private func stored(_ origin: Origin) -> BundleOrigin {
    BundleOrigin(
      format: origin.format, digest: origin.digest?.description ?? "",
      producer: origin.producer, version: origin.version)
  }
}
