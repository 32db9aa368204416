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
    let means = try timed.means(range)
    let fit = try FitSamples(
      graph, sites: plan.sites, pools: plan.tournaments, samples: means,
      frames: timed.frames == nil ? nil : try timed.values(range),
      timesteps: explained.program.timesteps, threads: threads)
    // Without them the rounding of weights is a part of what is miscounted, and no less is explained.
    let source = try? SourceWeights(
      graph, plan, layoutOf: explained.program, samples: means, threads: threads)
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
      // A change that makes it worse is no candidate.
      if drop.tried == nil, !trial.before.isBetter(than: trial.after) { drop.tried = trial }
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
