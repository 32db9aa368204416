internal import SynapackDense
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// What neurons that forget, or that start empty, cost.
extension Pipeline {
  /// Measures a program whose spikes set the membrane to zero, or whose membranes start there, against
  /// its source network.
  ///
  /// Thresholds are balanced for reset by subtraction, under which payloads add up to what came in. A
  /// spike that throws the rest of the membrane away sends less than that, and the more, the more
  /// ticks arrive together; a fit makes up for most of it. A membrane that starts at 0 instead of where
  /// its errors are even rounds what it sends down, and its spikes come later. No part of the error by
  /// cause describes either, so that the whole is stated, once for each of them.
  ///
  /// - Parameters:
  ///   - inputs: the calibration inputs as the program takes them, one after the other.
  ///   - values: the same as the source network takes them: of recorded events the means.
  func noteReset(
    _ program: SpikingProgram, _ inputs: [Float], means values: [Float],
    of source: Graph<Analog>, _ report: inout Report
  ) throws(PackError) {
    let (forgets, startsEmpty) = (recipe.reset == "zero", recipe.start == "zero")
    guard forgets || startsEmpty else { return }
    let agreement = try stage("reset", &report) { (_) throws(PackError) in
      let agreed = try keptDecisions(program, encode(inputs, program, limit: .max), values, source)
      return Double(agreed.count { $0 }) / Double(max(1, agreed.count))
    }
    let measured =
      "; `measured` is the share of calibration inputs that the program decides as its source network"
    if forgets {
      report.add(
        Loss(
          .forgetfulReset, .warning, subject: "neurons",
          "a spike sets the membrane to zero and loses what was above the threshold" + measured,
          measured: agreement))
    }
    if startsEmpty {
      report.add(
        Loss(
          .zeroStart, .warning, subject: "neurons",
          "membranes start at 0, so that spikes come later and sums are rounded down" + measured,
          measured: agreement))
    }
  }
}

/// What any conversion loses, where it is much.
extension Pipeline {
  /// Calibration inputs that are asked, and the share below which a warning is due: a program that keeps
  /// 19 of 20 decisions keeps fewer than 24 of 32 once in fifty thousand times.
  private static let (asked, fewest) = (32, 0.75)

  /// Warns of a program that decides many of some calibration inputs in another way than its source
  /// network; one whose reset or start is measured on all of them is told of already.
  ///
  /// - Parameters: as those of ``noteReset(_:_:means:of:_:)``.
  func noteDecisions(
    _ program: SpikingProgram, _ inputs: [Float], means values: [Float],
    of source: Graph<Analog>, _ report: inout Report
  ) throws(PackError) {
    guard recipe.reset != "zero", recipe.start != "zero",
      program.populations[program.readout.population].shape.count > 1
    else { return }
    let agreed = try stage("decide", &report) { (_) throws(PackError) in
      try keptDecisions(program, encode(inputs, program, limit: Pipeline.asked), values, source)
    }
    let kept = agreed.count { $0 }
    guard Double(kept) < Pipeline.fewest * Double(agreed.count) else { return }
    // No method fits neurons that compute operators on running means.
    let other =
      program.hasCompensation
      ? "use more --timesteps or payloads of more bits, as with --neuron multi:8"
      : recipe.method == Recipe().method
        ? "use more --timesteps" : "use --method \(Recipe().method)"
    // Removed weights and another solver are among them.
    let narrow = recipe.widenings.map(\.option).joined(separator: " ")
    let wider = narrow.isEmpty ? "" : ", or what the defaults have (\(narrow))"
    report.add(
      Finding(
        .lostDecisions, .warning,
        "with --method \(recipe.method) at T = \(recipe.timesteps) the program decides only \(kept) of "
          + "\(agreed.count) calibration inputs as the model does; \(other)\(wider), and see what `synapack "
          + "evaluate --explain` says"))
  }

  /// Whether the program decides each of the encoded inputs, the first of all, as the source network.
  private func keptDecisions(
    _ program: SpikingProgram, _ encoded: [[Int32]], _ values: [Float], _ source: Graph<Analog>
  ) throws(PackError) -> [Bool] {
    let (simulator, network) = (try Simulator(program), try DenseNetwork(source))
    let size = source.inputs.first.map { source.shape(of: $0).count } ?? 0
    return try parallelUnits(count: encoded.count, threads: threads) {
      (sample) throws(PackError) -> Bool in
      let outputs = try network.output(
        Array(values[sample * size..<(sample + 1) * size]), count: 1)
      return try simulator.run(encoded[sample]).decision
        == Evaluation.decisions(outputs, count: 1).first
    }
  }
}
