internal import SynapackConvert
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// What the gates of a program cost beside the program without them.
struct GateCost {
  /// Neurons of the clocks, and the weights other than zero that these have.
  var neurons = 0
  var synapses = 0
  /// Additions and multiplications of an inference, without the gates and with them, on average.
  var before = 0.0
  var after = 0.0

  init(
    _ program: SpikingProgram, gated: SpikingProgram, coding: PayloadCoding, inputs: [[Int32]]
  ) throws(PackError) {
    let simulator = try Simulator(gated, coding: coding)
    for (index, population) in gated.populations.enumerated()
    where GatedProgram.clockTick(of: population) != nil {
      neurons += population.shape.count
      synapses += simulator.fanOut(of: index).reduce(0) { $0 + Int($1) }
    }
    before = try GateCost.operations(Simulator(program, coding: coding), inputs)
    after = try GateCost.operations(simulator, inputs)
  }

  private static func operations(
    _ simulator: Simulator, _ inputs: [[Int32]]
  ) throws(PackError) -> Double {
    var sum = 0
    for input in inputs {
      let outcome = try simulator.run(input)
      sum += outcome.effectiveACs + outcome.effectiveMACs
    }
    return Double(sum) / Double(max(1, inputs.count))
  }

  /// The entry of the ledger; a warning where gates cost more than the program itself.
  var loss: Loss {
    let times = before > 0 ? after / before : 1
    return Loss(
      .gateCost, times > 2 ? .warning : .note, subject: "gates",
      "\(neurons) clock neurons with \(synapses) synapses open and close the windows: "
        + "\(Int(before)) operations an inference become \(Int(after)) on the first calibration inputs; "
        + "fewer --weight-bits make gates lighter; `measured` is the ratio",
      measured: times)
  }
}
