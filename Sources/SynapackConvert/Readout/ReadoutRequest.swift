public import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport

/// How a program is to be read, beyond the membranes after its last tick.
public struct ReadoutRequest: Sendable, Hashable {
  public var decoding: OutputDecoding
  /// The ticks of warm-up that do not count.
  public var discards: Int
  /// What stops a sample early, and the share of samples that must keep their class.
  public var exit: ExitMeasure?
  public var agreement: Double
  /// Whether the stop was asked for by itself, and did not come with the readout.
  public var isExitAskedFor: Bool
  /// Where the membranes of neurons that are counted start.
  public var start: MembraneStart

  public init(
    decoding: OutputDecoding = .membrane, discards: Int = 0, exit: ExitMeasure? = nil,
    agreement: Double = 0.99, isExitAskedFor: Bool = true, start: MembraneStart = .balanced
  ) {
    self.decoding = decoding
    self.discards = discards
    self.exit = exit
    self.agreement = agreement
    self.isExitAskedFor = isExitAskedFor
    self.start = start
  }

  /// The program with its readout as requested; what that costs goes into the ledger.
  ///
  /// - Parameter inputs: encoded calibration inputs.
  /// - Throws: `SYN0701` for more discarded ticks than there are; what running the program throws.
  public func applied(
    to given: SpikingProgram, payloads: ClosedRange<Int>, inputs: [[Int32]], threads: Int,
    _ report: inout Report
  ) throws(PackError) -> SpikingProgram {
    guard (0..<given.timesteps).contains(discards) else {
      throw PackError(
        .badOption, "\(discards) of \(given.timesteps) ticks cannot be left out",
        at: .option("--readout-delay"), hint: "leave out fewer ticks than there are")
    }
    var program = given
    if decoding == .count {
      program = try count(program, payloads, inputs, threads, &report)
    }
    program.readout.discards = discards
    if let exit { program.readout.exit = try rule(exit, program, inputs, threads, &report) }
    return program
  }

  private func count(
    _ program: SpikingProgram, _ payloads: ClosedRange<Int>, _ inputs: [[Int32]], _ threads: Int,
    _ report: inout Report
  ) throws(PackError) -> SpikingProgram {
    let (counted, agreeing) = try CountedReadout.counted(
      program, payloads: payloads, inputs: inputs, start: start, threads: threads)
    let name = program.populations[program.readout.population].name
    let share = Double(agreeing) / Double(max(1, inputs.count))
    report.add(
      Loss(
        .countedReadout, share < 0.98 ? .warning : .note, subject: name,
        "\(agreeing) of \(inputs.count) calibration inputs keep the class that the membranes name",
        measured: share))
    return counted
  }

  private func rule(
    _ measure: ExitMeasure, _ program: SpikingProgram, _ inputs: [[Int32]], _ threads: Int,
    _ report: inout Report
  ) throws(PackError) -> ExitRule {
    let simulator = try Simulator(program)
    let scores = try parallelUnits(count: inputs.count, threads: threads) {
      (index) throws(PackError) in try simulator.scores(inputs[index])
    }
    let promise = ExitCalibration(scores, measure: measure, discards: discards)
      .promise(agreement: agreement)
    let outcome = promise.outcome
    let name = program.populations[program.readout.population].name
    guard outcome.rule.limits.contains(where: { $0 < ExitRule.never }) else {
      report.add(
        Loss(
          .earlyExit, .warning, subject: name,
          "no input leaves before tick \(program.timesteps): " + reason(program, inputs.count),
          measured: 1))
      return outcome.rule
    }
    // Hundredths are enough for people; the number itself stands beside the words.
    let ticks = (outcome.meanTicks * 100).rounded() / 100
    report.add(
      Loss(
        .earlyExit, promise.isKept || !isExitAskedFor ? .note : .warning, subject: name,
        "calibration inputs leave after \(ticks) of \(program.timesteps) ticks of the readout in the "
          + "mean; under limits found without them \(promise.heldOut) of \(promise.samples) keep the "
          + "class of the last tick, " + words(of: promise),
        measured: Double(promise.heldOut) / Double(max(1, promise.samples))))
    return outcome.rule
  }

  /// What a promise says of all inputs.
  private func words(of promise: ExitCalibration.Promise) -> String {
    // Rounded down, so that no more is said than is known.
    let bound = (promise.bound * 10_000).rounded(.down) / 10_000
    let confidence = Int(AgreementBound.confidence * 100)
    let known =
      "a share of \(bound) of all such inputs at the least, with \(confidence) % confidence"
    guard !promise.isKept else { return known }
    let fewest = AgreementBound.fewestSamples(for: agreement).map(String.init) ?? "more"
    return known + ": too few to promise the \(agreement) asked for, which takes \(fewest) inputs"
  }

  /// Why a rule stops nothing.
  private func reason(_ program: SpikingProgram, _ inputs: Int) -> String {
    guard program.timesteps - discards > 1 else { return "there is no earlier tick to read" }
    let least = ExitCalibration.fewestSamples(agreement: agreement)
    guard let least, least <= inputs else {
      return "an agreement of \(agreement) takes \(least.map(String.init) ?? "more") calibration "
        + "inputs to tell, and there are \(inputs)"
    }
    return "at no earlier tick do the scores of enough calibration inputs tell whether the class "
      + "stays"
  }
}
