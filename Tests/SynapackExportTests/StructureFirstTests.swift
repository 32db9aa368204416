import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackExport

/// What no option of a conversion changes is refused before any number that one would change.
struct StructureFirstTests {
  /// A dense layer with a weight, a threshold and a schedule that no narrow chip takes.
  private func program(inputs: Int, outputs: Int) throws -> SpikingProgram {
    let weights = IntegerWeights(
      shape: try Shape([outputs, inputs]),
      values: Array(repeating: 900, count: inputs * outputs))
    func population(_ name: String) throws -> Population {
      Population(
        name: name, shape: try Shape([outputs]),
        model: .integrateAndFire(FiringBehaviour(payloads: 0...1)),
        thresholds: Parameter([100_000_000]), biases: Parameter([1]), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 32), biasBits: 16)
    }
    let square = IntegerWeights(
      shape: try Shape([outputs, outputs]), values: Array(repeating: 1, count: outputs * outputs))
    let program = SpikingProgram(
      timesteps: 4, schedule: .staggered(1),
      input: InputPort(
        name: "x", shape: try Shape([inputs]),
        encoding: .constantCurrent(bits: 12, signed: false, scale: 1)),
      populations: [try population("first"), try population("second")],
      connections: [
        Connection(source: .input, target: 0, synapses: .dense(weights), weightBits: 16),
        Connection(source: .population(0), target: 1, synapses: .dense(square), weightBits: 16),
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func refusal(_ program: SpikingProgram, _ target: any ExportTarget) -> ErrorCode? {
    var report = Report()
    do throws(PackError) {
      _ = try ExportTargets.export(ExportSource(program: program), to: target, &report)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func sizesComeFirst() throws {
    let large = try program(inputs: 2, outputs: 256)
    #expect(refusal(large, TinyODINTarget()) == .structureNotCarried)
    let fitting = try program(inputs: 2, outputs: 255)
    #expect(refusal(fitting, TinyODINTarget()) != .structureNotCarried)
    let wide = try program(inputs: 17, outputs: 4)
    #expect(refusal(wide, XyloTarget()) == .structureNotCarried)
    let narrow = try program(inputs: 16, outputs: 4)
    #expect(refusal(narrow, XyloTarget()) != .structureNotCarried)
  }

  @Test func convolutionsComeFirst() throws {
    var program = try program(inputs: 4, outputs: 4)
    #expect(refusal(program, NIRTarget(profile: .rockpool)) != .structureNotCarried)
    program.input.shape = try Shape([1, 2, 2])
    program.populations[0].shape = try Shape([1, 2, 2])
    program.connections[0].synapses = .convolution(
      IntegerWeights(shape: try Shape([1, 1, 1, 1]), values: [900]),
      window: Window(kernel: Extent(y: 1, x: 1)), groups: 1)
    try program.verify()
    #expect(refusal(program, NIRTarget(profile: .rockpool)) == .structureNotCarried)
  }
}
