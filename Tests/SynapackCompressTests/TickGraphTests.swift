import SynapackDense
import SynapackGraph
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackCompress

/// Random programs against their graphs of ticks.
struct TickGraphTests {
  /// A program with a graph of ticks and membranes that are never held; `nil` where there is none.
  private func drawn(_ draw: inout RandomProgram) throws -> (SpikingProgram, TickGraph)? {
    var program = try draw.next()
    program.readout.discards = 0
    program.readout.exit = nil
    for index in program.populations.indices {
      program.populations[index].membrane = Population.membraneRange(bits: 32)
      guard case .integrateAndFire(var behaviour) = program.populations[index].model else {
        continue
      }
      (behaviour.reset, behaviour.leakShift, behaviour.memory) = (.subtract, nil, false)
      program.populations[index].model = .integrateAndFire(behaviour)
    }
    if program.input.encoding.varies {
      program.input.encoding = .constantCurrent(bits: 4, signed: true, scale: 0.5)
    }
    do {
      return (program, try TickGraph(program))
    } catch {
      #expect(error.code == .cannotDistil, "\(error)")
      return nil
    }
  }

  @Test(arguments: 0..<300) func theGraphComputesWhatTheProgramDoes(seed: Int) throws {
    var draw = RandomProgram(seed: UInt64(seed))
    guard let (program, layout) = try drawn(&draw) else { return }
    let network = try DenseNetwork(layout.graph)
    for _ in 0..<2 {
      let samples = draw.sample(for: program).prefix(program.inputValues).map {
        Float($0) * program.input.encoding.scale
      }
      let scores = try Simulator(program).run(program.encode(samples).payloads).scores
      let outputs = try network.output(samples, count: 1)
      for (output, score) in zip(outputs, scores) where abs(score) < 1 << 24 {
        // Whole numbers times one factor, in another order of rounding.
        let real = Float(score) * program.readout.unit
        #expect(
          abs(output - real) <= 2e-7 * abs(real), "seed \(seed), \(program.schedule): \(output)")
      }
    }
  }

  @Test func someProgramsAreDrawnThatHaveGraphs() throws {
    var draw = RandomProgram(seed: 1)
    var schedules = Set<String>()
    var found = 0
    for _ in 0..<200 {
      guard let (program, _) = try drawn(&draw) else { continue }
      found += 1
      schedules.insert("\(program.schedule)")
    }
    #expect(found >= 100 && schedules.count >= 3, "\(found) of 200, \(schedules)")
  }
}
