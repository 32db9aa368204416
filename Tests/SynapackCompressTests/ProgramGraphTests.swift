import SynapackDense
import SynapackGraph
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackCompress

/// Random programs against their graphs of rates.
struct ProgramGraphTests {
  /// A program whose membranes never reach an end of their range, and a graph of it; `nil` where
  /// its neurons have none.
  private func drawn(_ draw: inout RandomProgram) throws -> (SpikingProgram, ProgramStudent)? {
    var program = try draw.next()
    program.readout.discards = 0
    program.readout.exit = nil
    for index in program.populations.indices {
      program.populations[index].membrane = Population.membraneRange(bits: 32)
    }
    let training = TrainerOptions(steps: 1)
    do {
      return (
        program,
        try ProgramStudent(
          program, DistillationOptions(training: training, levels: .free, keepsZeros: false))
      )
    } catch {
      #expect(error.code == .cannotDistil)
      return nil
    }
  }

  /// Values that encode to whole payloads.
  private func values(
    _ draw: inout RandomProgram, _ program: SpikingProgram, _ count: Int
  ) -> [Float] {
    (0..<count).flatMap { _ in
      draw.sample(for: program).prefix(program.inputValues).map {
        Float($0) * program.input.encoding.scale
      }
    }
  }

  @Test(arguments: 0..<200) func observedDrivesAreTheWeightedSumsOfObservedRates(seed: Int) throws {
    var draw = RandomProgram(seed: UInt64(seed))
    guard let (program, _) = try drawn(&draw) else { return }
    let count = 2
    let samples = values(&draw, program, count)
    let layout = try ProgramGraph(program)
    let observer = try ProgramObserver(program, layout)
    let seen = try observer.observe(samples, count: count)
    // Rates alone are given, so that the graph computes the drives from them.
    let drives = Set(layout.populations.map(\.drive))
    let rates = seen.given.filter { !drives.contains($0.key) }
    let inputs = Array(repeating: Float(0), count: count * program.input.shape.count)
    let pass = try DenseGradients(layout.graph).forward(
      inputs: [inputs], count: count, given: rates)
    for (index, wires) in layout.populations.enumerated() {
      let observed = try #require(seen.given[wires.drive])
      for (place, pair) in zip(observed, pass[wires.drive]).enumerated() {
        #expect(
          abs(pair.0 - pair.1) <= 1e-4 * (10 + abs(pair.1)),
          "seed \(seed), \(program.schedule), \(index) at \(place): \(pair)")
      }
    }
  }

  @Test(arguments: 0..<200) func anUntrainedStudentIsItsProgram(seed: Int) throws {
    var draw = RandomProgram(seed: UInt64(seed))
    guard let (program, student) = try drawn(&draw) else { return }
    let samples = values(&draw, program, 1)
    let back = try student.program(from: student.layout.graph)
    let (one, two) = (try Simulator(program), try Simulator(back))
    let payloads = program.encode(samples).payloads
    #expect(try one.run(payloads) == two.run(payloads), "seed \(seed)")
    let seen = try student.observer(student.layout.graph).observe(samples, count: 1)
    let outputs = try #require(seen.given[student.layout.graph.outputs[0]])
    for (output, score) in zip(outputs, try one.run(payloads).scores) {
      let real = Float(score) * program.readout.unit
      #expect(abs(output - real) <= 1e-5 * (1 + abs(real)), "seed \(seed)")
    }
  }

  @Test func someProgramsAreDrawnThatHaveGraphs() throws {
    var draw = RandomProgram(seed: 1)
    var found = 0
    for _ in 0..<200 { found += try drawn(&draw) == nil ? 0 : 1 }
    #expect(found >= 20, "\(found) of 200")
  }
}
