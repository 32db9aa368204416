internal import SynapackBundle
internal import SynapackConvert
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Options that a bundle would leave aside without a word: it was converted already.
enum BundleOptions {
  /// - Parameter given: the options of a conversion that were given.
  /// - Throws: `SYN0701` for the first of them.
  static func refuse(_ given: [String]) throws(PackError) {
    guard let option = given.first else { return }
    throw PackError(
      .badOption, "a bundle was converted already, and \(option) would change nothing",
      at: .option(option), hint: "leave it out, or give the model with --calibration")
  }
}

extension EvaluationRequest {
  /// Refuses what a bundle would leave aside without a word: it was converted already.
  ///
  /// - Throws: `SYN0701` for the first option that nothing would be done with.
  func checkForBundle() throws(PackError) {
    try BundleOptions.refuse(conversionOptions)
    if calibration != nil, !explain {
      throw PackError(
        .badOption, "a bundle was converted already, and nothing is converted again",
        at: .option("--calibration"), hint: "leave it out, or add --explain and --model")
    }
    if let option = readingOptions.first, model == nil {
      throw PackError(
        .badOption, "there is no model to read", at: .option(option),
        hint: "leave it out, or name the model with --model")
    }
  }

  /// Refuses options of a conversion where a model runs dense; a recipe may hold preprocessing.
  ///
  /// - Throws: `SYN0701`.
  func checkForDenseRun() throws(PackError) {
    guard let option = conversionOptions.first(where: { $0 != "--recipe" }) else { return }
    throw PackError(
      .badOption, "nothing is converted, and \(option) would change nothing", at: .option(option),
      hint: "add --calibration, or leave it out")
  }

  /// Refuses other ticks than those that the clocks of a gated program count.
  ///
  /// - Throws: `SYN0701`.
  func checkTicks(of program: SpikingProgram) throws(PackError) {
    guard let timesteps, timesteps.contains(where: { $0 != program.timesteps }),
      GatedProgram.isGated(program)
    else { return }
    throw PackError(
      .badOption,
      "the gates of the program open and close in the ticks of its "
        + "T = \(GatedProgram.windowTicks(of: program))",
      at: .option("--timesteps"), hint: "leave it out, or evaluate the bundle without gates")
  }
}

extension Bundle {
  /// Whether it was made from the file that a network was read from.
  func isMade(from graph: Graph<Analog>) -> Bool {
    graph.origin.digest?.description == origin.digest
  }
}

extension Job {
  /// Notes a model that the bundle was not made from.
  func noteOrigin(
    _ graph: Graph<Analog>, _ bundle: Bundle, _ path: String, _ report: inout Report
  ) {
    guard !bundle.isMade(from: graph) else { return }
    report.add(
      Finding(
        .otherModel, .warning, "the bundle was made from another file than this model",
        at: .file(path)))
  }

  /// Warns of data that is prepared in another way than the bundle says.
  func notePreprocess(_ given: String?, _ bundle: Bundle, _ path: String, _ report: inout Report) {
    guard let given, given != bundle.preprocess else { return }
    let own = bundle.preprocess.isEmpty ? "none" : "`\(bundle.preprocess)`"
    report.add(
      Finding(
        .otherPreprocess, .warning,
        "the data is prepared by `\(given)`, as asked for, and not by the bundle's own --preprocess, "
          + "which is \(own)", at: .file(path)))
  }

  /// Refuses to explain a program by a network that has none of its layers.
  ///
  /// - Throws: `SYN0701`.
  func checkLayers(_ drop: DropReport, _ program: SpikingProgram) throws(PackError) {
    let readout = program.populations[program.readout.population].name
    // A program that was run as a whole has no causes.
    let isKnown = drop.layers.contains {
      $0.causes != nil || ($0.heard != nil && $0.name != readout)
    }
    guard program.firingNeurons > 0, !isKnown else { return }
    throw PackError(
      .badOption, "the model has no layer of the program, which was made from another file",
      at: .option("--model"), hint: "name the model that the bundle was made from")
  }

  /// Warns of labels that the source network does not know: then no accuracy says anything of a
  /// conversion.
  func noteChance(
    _ accuracy: Double?, classes: Int, _ samples: Samples, _ labels: [Int]?, _ report: inout Report
  ) {
    guard let accuracy, labels != nil,
      Job.isByChance(accuracy, classes: classes, count: samples.count)
    else { return }
    report.add(
      Finding(
        .chanceAccuracy, .warning,
        "the source network is right for a share of \(SignificantDigits.rounded(accuracy, 3)) of the "
          + "inputs, no more than chance among \(classes) classes gives; check the order of the labels, "
          + "and --preprocess", at: .file(samples.name)))
  }

  /// Whether an accuracy is no more than two standard deviations above what chance gives.
  static func isByChance(_ accuracy: Double, classes: Int, count: Int) -> Bool {
    guard classes > 1, count >= Job.fewestLabels else { return false }
    let chance = 1 / Double(classes)
    return accuracy <= chance + 2 * (chance * (1 - chance) / Double(count)).squareRoot()
  }

  /// With fewer labels chance alone can look like this.
  private static let fewestLabels = 50

  func noteClipping(
    _ result: EvaluationResult, _ samples: Samples, _ report: inout Report
  ) {
    guard let clipped = result.spiking.first?.clippedInputs, clipped > 0 else { return }
    // A few extremes are usual; more tells of inputs that are scaled in another way.
    let share = Double(clipped) / Double(max(1, samples.count * samples.shape.count))
    let isMuch = share > 0.01
    report.add(
      Finding(
        .clippedInput, isMuch ? .warning : .note,
        "\(clipped) of \(samples.count * samples.shape.count) input values lie outside the "
          + "calibrated range and were limited to it"
          + (isMuch ? "; check the sign and the scale of the data, and --preprocess" : ""),
        at: .file(samples.name)))
  }

  /// Inputs of which this many stay below this share of the calibrated range are scaled in another way.
  private static let (fewest, smallest) = (8, Float(1) / 8)

  /// Warns of inputs that reach only a small part of the calibrated range.
  ///
  /// - Throws: `SYN0014` where a value is not finite.
  func noteRange(
    _ samples: Samples, _ encoding: InputEncoding, _ report: inout Report
  ) throws(PackError) {
    guard case .constantCurrent = encoding, samples.count >= Job.fewest else { return }
    let reach = encoding.scale * Float(encoding.payloads.upperBound)
    let values = try samples.values(0..<min(samples.count, Job.explainedSamples))
    let most = values.reduce(Float(0)) { max($0, $1.magnitude) }
    guard reach > 0, most < Job.smallest * reach else { return }
    report.add(
      Finding(
        .clippedInput, .warning,
        "the inputs reach no more than \(most), and what the calibration inputs gave the program reaches "
          + "\(reach); check the scale of the data and of the calibration inputs, and --preprocess",
        at: .file(samples.name)))
  }

  /// A rule that stopped nothing looks like one that is not there.
  func noteIdleExits(_ result: EvaluationResult, _ report: inout Report) {
    for row in result.spiking {
      guard let exit = row.exit else { continue }
      if let promised = exit.promised, exit.mostAgreement < promised {
        report.add(
          Finding(
            .earlyExit, .warning,
            "fewer of these inputs keep the class of tick \(row.timesteps) than the early exit was "
              + "asked for, by more than chance: a share of \(exit.agreement), not \(promised); limits "
              + "hold for inputs like those of the calibration at its own T"))
      }
      guard exit.leaving == 0 else { continue }
      report.add(
        Finding(
          .earlyExit, exit.promised == nil ? .note : .warning,
          exit.hasLimits
            ? "no input left before tick \(row.timesteps): the scores of none reached a limit of the "
              + "early exit"
            : "no input left before tick \(row.timesteps): the early exit has no limit that scores "
              + "could reach; `synapack inspect` shows the reason in the ledger"))
    }
  }
}
