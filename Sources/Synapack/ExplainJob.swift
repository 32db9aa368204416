internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What an explanation works on.
struct ExplainedProgram {
  var program: SpikingProgram
  var coding: PayloadCoding
  /// The report stored with it, which tells what payloads stand for.
  var report: String
  var spiking: Evaluation.Spiking

  /// - Throws: `SYN0012` where the report does not tell.
  func layers() throws(PackError) -> [LoweredLayer] {
    try ExplainedProgram.layers(of: program, report)
  }

  /// What each population stands for; the clocks of a gated program are not among those explained.
  static func layers(
    of program: SpikingProgram, _ report: String
  ) throws(PackError) -> [LoweredLayer] {
    guard let layers = ConversionReport.populations(report) else {
      throw PackError(
        .wrongDataShape, "the bundle does not tell what its payloads stand for",
        hint: "make the bundle again from its model")
    }
    let names = Set(program.populations.map(\.name))
    return layers.filter { names.contains($0.name) }
  }
}

extension Job {
  /// Inputs on which layers are explained, at most; the accuracies of stages are those of all inputs.
  static let explainedSamples = 512

  /// Explains the drop of a program against its source network.
  ///
  /// - Parameter balanced: the same network converted with wide integers, where there is one.
  /// - Throws: `SYN0012` where the program does not tell what its payloads stand for.
  func explain(
    _ explained: ExplainedProgram, balanced: ExplainedProgram?, of imported: Graph<Analog>,
    analog: Evaluation.Analog, _ samples: Samples, labels: [Int]?
  ) throws(PackError) -> DropReport {
    var unused = Report()
    let graph = try GraphRules.applied(to: imported, &unused)
    let plan = SpikingPlan(graph)
    try plan.check()
    let range = 0..<min(samples.count, Job.explainedSamples)
    let timed = samples.running(explained.program.timesteps)
    let fit = try FitSamples(
      graph, sites: plan.sites, pools: plan.tournaments, samples: try timed.means(range),
      frames: timed.frames == nil ? nil : try timed.values(range),
      timesteps: explained.program.timesteps, threads: threads)
    // Without them the rounding of weights is a part of what is miscounted, and no less is explained.
    let source = try? SourceWeights(
      graph, plan, layoutOf: explained.program, samples: try timed.means(range), threads: threads)
    func layers(
      _ explained: ExplainedProgram, triesRemedies: Bool
    ) throws(PackError) -> DropExplanation {
      try Explainer.explain(
        explained.program, layers: try explained.layers(), samples: fit, sites: plan.sites,
        source: triesRemedies ? source : nil, triesRemedies: triesRemedies, threads: threads)
    }
    // An early exit is a stage of its own: layers are explained by what all ticks give.
    var whole = explained
    whole.program.readout.exit = nil
    let explanation = try layers(whole, triesRemedies: true)
    var stages = [
      DropReport.Stage(name: "folded", accuracy: analog.accuracy, agreement: 1)
    ]
    var errors: [String: Double] = [:]
    if let balanced {
      stages.append(stage("balanced", balanced.spiking))
      for layer in try layers(balanced, triesRemedies: false).layers {
        errors[layer.name] = layer.error
      }
    }
    stages.append(stage("quantized", explained.spiking))
    if explained.spiking.exit != nil { stages.append(earlyExit(explained.spiking)) }
    var drop = DropReport(
      timesteps: explained.spiking.windowTicks, stages: stages, layers: explanation.layers,
      balancedErrors: errors, first: nil, remedied: nil, inputError: explanation.inputError,
      unexplained: explanation.unexplained)
    let classes = explained.program.populations[explained.program.readout.population].shape.count
    drop.isByChance =
      analog.accuracy.map { Job.isByChance($0, classes: classes, count: samples.count) } ?? false
    try addTrials(to: &drop, explanation, whole, analog: analog, samples, labels: labels)
    if balanced == nil, !drop.losesNothing { drop.suspect() }
    return drop
  }

  /// Measures the program with the knob of each suspected layer turned, until one brings something back.
  private func addTrials(
    to drop: inout DropReport, _ explanation: DropExplanation, _ whole: ExplainedProgram,
    analog: Evaluation.Analog, _ samples: Samples, labels: [Int]?
  ) throws(PackError) {
    func measured(_ program: SpikingProgram) throws(PackError) -> Evaluation.Spiking {
      try Evaluation.spiking(
        program, coding: whole.coding, samples, labels: labels, analog: analog.decisions,
        threads: threads, instruments: instruments)
    }
    guard !explanation.suspects.isEmpty else { return }
    let judged = JudgedDecisions(
      labels: labels, source: analog.decisions, learners: explanation.learners)
    // Under an early exit those that were measured are of other ticks.
    let before =
      whole.spiking.exit == nil ? whole.spiking.decisions : try measured(whole.program).decisions
    for suspect in explanation.suspects {
      let layer = explanation.layers.first { $0.name == suspect.layer }
      let remedied = try measured(suspect.remedied)
      let trial = LayerTrial(
        layer: suspect.layer, knob: layer?.knob, inputs: judged.inputs.count,
        isUnseen: judged.inputs.count < samples.count,
        before: judged.stage("quantized", before),
        after: judged.stage("remedied", remedied.decisions), overall: stage("remedied", remedied))
      guard !trial.isBetter else {
        (drop.first, drop.remedied, drop.tried) = (layer, trial, nil)
        return
      }
      drop.tried = drop.tried ?? trial
    }
  }

  /// What all ticks of a program reach.
  func stage(_ name: String, _ measured: Evaluation.Spiking) -> DropReport.Stage {
    guard let exit = measured.exit else {
      return DropReport.Stage(
        name: name, accuracy: measured.accuracy, agreement: measured.agreement)
    }
    return DropReport.Stage(
      name: name, accuracy: exit.fullAccuracy, agreement: exit.fullAgreement)
  }

  private func earlyExit(_ measured: Evaluation.Spiking) -> DropReport.Stage {
    DropReport.Stage(
      name: "early exit", accuracy: measured.accuracy, agreement: measured.agreement)
  }
}

extension Job {
  /// Adds what other conversions of the same model reach where this one loses something: with numbers
  /// as wide as by default, and where neither these nor a change of one layer give all of it back with
  /// more ticks, other neurons, a constant current for Poisson spikes, or what was asked for of
  /// balancing and readout as it is by default, and with still wider numbers
  /// where the program loses more than its conversion to wide ones.
  func addAlternatives(
    to drop: inout DropReport, _ recipe: Recipe,
    _ measured: (Recipe) throws(PackError) -> Evaluation.Spiking
  ) throws(PackError) {
    guard !drop.losesNothing else { return }
    try addWidenings(to: &drop, recipe, measured)
    guard (drop.remedied?.overall).map(drop.isRegained) != true,
      drop.cause?.measured.map(drop.isRegained) != true
    else { return }
    let balanced = drop.stages.first { $0.name == "balanced" }
    let isQuantized = drop.quantized.flatMap { balanced?.isBetter(than: $0) } ?? false
    for (name, other) in (isQuantized ? recipe.wider : []) + recipe.alternatives {
      guard !drop.alternatives.contains(where: { $0.name == name }) else { continue }
      guard let reached = try orNone({ () throws(PackError) in try measured(other) }) else {
        continue
      }
      drop.alternatives.append(stage(name, reached))
    }
  }

  /// What was measured, or nothing where there is no such conversion of the model.
  private func orNone(
    _ measure: () throws(PackError) -> Evaluation.Spiking
  ) throws(PackError) -> Evaluation.Spiking? {
    do throws(PackError) {
      return try measure()
    } catch {
      guard [.usage, .badInput].contains(ErrorCatalog.explanation(of: error.code)?.kind) else {
        throw error
      }
      return nil
    }
  }

  private func addWidenings(
    to drop: inout DropReport, _ recipe: Recipe,
    _ measured: (Recipe) throws(PackError) -> Evaluation.Spiking
  ) throws(PackError) {
    var tried: [(widening: Widening, reached: DropReport.Stage)] = []
    var widenings = recipe.widenings
    let all = widenings
    if all.count > 1 {
      widenings.append(
        Widening(cause: "widths", option: all.map(\.option).joined(separator: " ")) { recipe in
          for widening in all { widening.change(&recipe) }
        })
    }
    for widening in widenings {
      // Several together are tried only where none alone gives all of it back.
      guard !tried.contains(where: { drop.isRegained($0.reached) }) || widening.cause != "widths",
        let other = recipe.changed(widening.change),
        let reached = try orNone({ () throws(PackError) in try measured(other) })
      else { continue }
      tried.append((widening, stage(widening.option, reached)))
    }
    drop.alternatives += tried.map(\.reached)
    drop.blame(tried)
  }
}

extension Recipe {
  /// The same conversion before its values become narrow integers, read after its last tick.
  var balanced: Recipe {
    var recipe = self
    (recipe.weightBits, recipe.biasBits, recipe.membraneBits, recipe.inputBits) = (16, 32, 32, 16)
    (recipe.readoutBits, recipe.shortcutBits) = (32, 16)
    (recipe.weightLevels, recipe.meanBits) = ("uniform", nil)
    (recipe.sparsity, recipe.prune) = (0, recipe.prune == "channel" ? recipe.prune : "weight")
    // Gates change no payload, and need widths of their own.
    (recipe.earlyExit, recipe.gated) = (nil, false)
    return recipe
  }

  /// The conversion with numbers wider than by default, for networks that need them.
  var wider: [(name: String, recipe: Recipe)] {
    let (most, widest) = (balanced.weightBits, balanced.biasBits)
    return [
      ("--weight-bits", \Recipe.weightBits, min(most, weightBits + 4)),
      ("--bias-bits", \Recipe.biasBits, min(widest, biasBits + 8)),
    ].compactMap { option, path, bits in
      guard bits > self[keyPath: path] else { return nil }
      return changed { $0[keyPath: path] = bits }.map { ("\(option) \(bits)", $0) }
    }
  }

  /// What could be asked for instead where a conversion is as good as its neurons and ticks allow.
  var alternatives: [(name: String, recipe: Recipe)] {
    var list: [(name: String, recipe: Recipe)] = []
    func add(_ name: String, _ change: (inout Recipe) -> Void) {
      if let other = changed(change) { list.append((name, other)) }
    }
    // Recorded events have the ticks that they have.
    if input != InputKind.events.rawValue {
      add("--timesteps \(2 * timesteps)") { $0.timesteps *= 2 }
    }
    if input == InputKind.poisson.rawValue { add("--input current") { $0.input = "current" } }
    list += restored
    if schedule == "wavefront" || schedule == "tick" {
      add("--schedule staggered:4") { $0.schedule = "staggered:4" }
    }
    if neuron == "if" { add("--neuron multi:4") { $0.neuron = "multi:4" } }
    return list
  }

  /// The conversion with each way of balancing and reading that was asked for as it is by default.
  private var restored: [(name: String, recipe: Recipe)] {
    let usual = Recipe()
    let words: [(String, WritableKeyPath<Recipe, String>)] = [
      ("method", \.method), ("start", \.start), ("threshold-scope", \.thresholdScope),
      ("reset", \.reset),
    ]
    var changes: [(name: String, change: (inout Recipe) -> Void)] = []
    if readoutDelay > 0 { changes.append(("--readout-delay 0", { $0.readoutDelay = 0 })) }
    for (option, path) in words where self[keyPath: path] != usual[keyPath: path] {
      let value = usual[keyPath: path]
      changes.append(("--\(option) \(value)", { $0[keyPath: path] = value }))
    }
    let prices: [(String, WritableKeyPath<Recipe, Double>)] = [
      ("spike-price", \.spikePrice), ("bit-price", \.bitPrice),
    ]
    for (option, path) in prices where self[keyPath: path] > 0 {
      changes.append(("--\(option) 0", { $0[keyPath: path] = 0 }))
    }
    return changes.compactMap { name, change in changed(change).map { (name, $0) } }
  }

  /// The recipe with a change, read after its last tick; `nil` where there is no such conversion.
  func changed(_ change: (inout Recipe) -> Void) -> Recipe? {
    var other = self
    (other.earlyExit, other.gated) = (nil, false)
    change(&other)
    return (try? other.options()) == nil ? nil : other
  }
}
