import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

@Suite struct RANCTargetTests {
  /// Two dense layers of two neurons in `tick`; the second has a bias and a start.
  private func program(bias: Int32, start: Int32, threshold: Int32 = 5) throws -> SpikingProgram {
    let shape = try Shape([2])
    func population(_ name: String, _ bias: Int32, _ start: Int32) -> Population {
      Population(
        name: name, shape: shape,
        model: .integrateAndFire(FiringBehaviour(payloads: 0...1)),
        thresholds: Parameter([threshold]), biases: Parameter([bias]),
        initial: Parameter([start]), membrane: Population.membraneRange(bits: 32), biasBits: 8)
    }
    let weights = IntegerWeights(shape: try Shape([2, 2]), values: [3, -2, 0, 1])
    let program = SpikingProgram(
      timesteps: 4, schedule: .tick,
      input: InputPort(
        name: "x", shape: shape, encoding: .poisson(signed: false, scale: 1, seed: 1)),
      populations: [population("first", 0, 0), population("second", bias, start)],
      connections: [
        Connection(source: .input, target: 0, synapses: .dense(weights), weightBits: 4),
        Connection(source: .population(0), target: 1, synapses: .dense(weights), weightBits: 4),
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func core(_ program: SpikingProgram, _ index: Int) throws -> RANCCore {
    try RANCCore(AxonExport(ExportSource(program: program), target: "ranc"), index, target: "ranc")
  }

  /// The second layer opens a tick later, so a bias acts once before it.
  @Test func anEarlyBiasIsTakenFromTheStart() throws {
    let neurons = try core(try program(bias: -2, start: 1), 1).neurons
    #expect(neurons.map(\.start) == [3, 3] && neurons.map(\.leak) == [-2, -2])
    #expect(neurons.map(\.weights) == [[3, -2], [0, 1]])
  }

  /// A membrane that starts at its threshold would fire a tick too early.
  @Test func aStartThatFiresBeforeTheWindowIsRefused() throws {
    _ = try core(try program(bias: 1, start: 4), 1)
    let error = #expect(throws: PackError.self) { try core(try program(bias: 1, start: 5), 1) }
    #expect(error?.code == .neuronNotCarried)
  }

  @Test func numbersAreTwosComplement() {
    #expect([0, 1, -1, 2, -2, 127, -128, 128].map(\.signedBits) == [1, 2, 1, 3, 2, 8, 8, 9])
    #expect(RANCWidths.binary(5, 4) == "0101" && RANCWidths.binary(-3, 4) == "1101")
    for value in -40...40 {
      let width = value.signedBits
      let text = RANCWidths.binary(value, width)
      let read = Int(text, radix: 2).map { $0 - (text.first == "1" ? 1 << width : 0) }
      #expect(read == value)
    }
  }

  /// Every row has one length, and every core as many rows.
  @Test func coresShareTheirWidths() throws {
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: try program(bias: 3, start: 0)), to: RANCTarget(), &report)
    let rows = files.filter { $0.name.hasPrefix("csram") }.flatMap {
      String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n")
    }
    #expect(rows.count == 4 && Set(rows.map(\.count)).count == 1)
    #expect(rows.allSatisfy { $0.allSatisfy { "01".contains($0) } })
    // Connections of the first row: the last axon first; both have a weight.
    #expect(rows[0].hasPrefix("11") && rows[1].hasPrefix("10"))
  }
}
