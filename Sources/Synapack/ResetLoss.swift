internal import SynapackDense
internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport

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
      let (simulator, network) = (try Simulator(program), try DenseNetwork(source))
      let encoded = encode(inputs, program, limit: .max)
      let size = values.count / max(1, encoded.count)
      let agreed = try parallelUnits(count: encoded.count, threads: threads) {
        (sample) throws(PackError) -> Bool in
        let outputs = try network.output(
          Array(values[sample * size..<(sample + 1) * size]), count: 1)
        return try simulator.run(encoded[sample]).decision
          == Evaluation.decisions(outputs, count: 1).first
      }
      return Double(agreed.count { $0 }) / Double(max(1, encoded.count))
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
