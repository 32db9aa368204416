internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport

/// Runs the program that a student stands for, and says what its output is.
///
/// A graph of ticks computes everything else as the program does, so that the loss is the program's
/// even where a membrane was held at an end of its range.
struct ScoreObserver: StudentObserver {
  typealias P = StudentPhase

  private let program: SpikingProgram
  private let simulator: Simulator
  private let output: WireID

  init(_ program: SpikingProgram, _ layout: TickGraph) throws(PackError) {
    self.program = program
    simulator = try Simulator(program)
    output = layout.graph.outputs[0]
  }

  func observe(_ samples: [Float], count: Int) throws(PackError) -> Observation {
    var outputs: [Float] = []
    let size = samples.count / max(1, count)
    for sample in 0..<count {
      let payloads = program.encode(Array(samples[sample * size..<(sample + 1) * size])).payloads
      outputs += try simulator.run(payloads).scores.map { Float($0) * program.readout.unit }
    }
    return Observation(given: [output: outputs])
  }
}
