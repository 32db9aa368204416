internal import SynapackBundle
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport

extension Job {
  /// Explains the drop of a bundle; with calibration inputs it is converted again with wide integers,
  /// for the stage before quantization.
  func explain(
    _ bundle: Bundle, _ measured: Evaluation.Spiking, of graph: Graph<Analog>,
    _ analog: Evaluation.Analog, _ request: EvaluationRequest, _ samples: Samples, _ labels: [Int]?
  ) throws(PackError) -> DropReport {
    let explained = ExplainedProgram(
      program: bundle.ungated.running(measured.windowTicks), coding: bundle.coding,
      report: bundle.report, spiking: measured)
    let isOther = !bundle.isMade(from: graph)
    guard let path = request.calibration, let input = graph.inputs.first else {
      var drop = try explain(
        explained, balanced: nil, of: graph, analog: analog, samples, labels: labels)
      drop.isOtherModel = isOther
      // What weights differ by that are others is no rounding.
      let recipe =
        isOther ? nil : try? Recipe.conversion(of: bundle, timesteps: measured.windowTicks)
      drop.confirm(recipe)
      return drop
    }
    let recipe = try Recipe.conversion(of: bundle, timesteps: measured.windowTicks)
    let recorded = recipe.input == InputKind.events.rawValue
    let inputs = try Samples(
      path: path, key: request.keys.calibration, shape: graph.shape(of: input),
      preprocess: try Preprocess(recipe.preprocess), frames: recorded ? recipe.timesteps : nil)
    var unused = Report()
    func again(_ recipe: Recipe) throws(PackError) -> ExplainedProgram {
      try converted(
        graph, recipe, inputs.running(recipe.timesteps), samples, labels, analog, &unused)
    }
    var drop = try explain(
      explained, balanced: again(recipe.balanced), of: graph, analog: analog, samples,
      labels: labels)
    drop.isOtherModel = isOther
    // Conversions of another model say nothing of what this one lost.
    guard !isOther else { return drop }
    if !drop.losesNothing {
      // Other calibration inputs than the bundle's own, or a training, must not pass for an option's gain.
      let same = try again(recipe)
      if same.program != explained.program {
        let reached = stage("(converted again)", same.spiking)
        drop.alternatives.append(reached)
        if try bundle.isUntrained() { drop.blameCalibration(reached) }
      }
    }
    // What other options reach is then owed to the inputs first.
    guard drop.cause?.isCalibration != true else { return drop }
    try addAlternatives(to: &drop, recipe) { (other) throws(PackError) in try again(other).spiking }
    return drop
  }
}

extension Bundle {
  /// Whether no training and no loss of channels, which a conversion does not repeat, made the program.
  fileprivate func isUntrained() throws(PackError) -> Bool {
    let recipe = try Recipe(stored: recipe)
    return recipe.channelShare == 0 && recipe.distilSteps == 0
  }
}

extension Recipe {
  /// The conversion that a bundle was made by, without its chip, the loss of channels and its training.
  static func conversion(of bundle: Bundle, timesteps: Int) throws(PackError) -> Recipe {
    var recipe = try Recipe(stored: bundle.recipe)
    recipe.timesteps = timesteps
    recipe.preprocess = bundle.preprocess
    recipe.chip = nil
    if recipe.prune == "channel" { (recipe.sparsity, recipe.prune) = (0, "weight") }
    recipe.channelSparsity = 0
    (recipe.distilSteps, recipe.distilSourceSteps) = (0, 0)
    return recipe
  }
}
