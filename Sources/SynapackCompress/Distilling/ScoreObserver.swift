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

  private let simulator: Simulator
  private let output: WireID

  init(_ program: SpikingProgram, _ layout: TickGraph) throws(PackError) {
    simulator = try Simulator(program)
    output = layout.graph.outputs[0]
  }

  func observe(_ samples: [Float], count: Int) throws(PackError) -> Observation {
    Observation(given: [output: try simulator.scores(of: samples, count: count)])
  }
}
