import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

@Suite struct SpeckTargetTests {
  /// Three classes over two inputs.
  private func program(
    classes: Int = 3, weights: [Int16]? = nil, start: Int32 = 0, timesteps: Int = 4
  ) throws -> SpikingProgram {
    let shape = try Shape([classes])
    let program = SpikingProgram(
      timesteps: timesteps, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([2]), encoding: .poisson(signed: false, scale: 1, seed: 1)),
      populations: [
        Population(
          name: "classes", shape: shape, model: .integrateAndFire(FiringBehaviour(payloads: 0...1)),
          thresholds: Parameter([50]), biases: Parameter((0..<Int32(classes)).map { 300 + $0 }),
          initial: Parameter([start]), membrane: Population.membraneRange(bits: 32), biasBits: 16)
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .dense(
            IntegerWeights(
              shape: try Shape([classes, 2]),
              values: weights ?? (0..<Int16(2 * classes)).map { $0 + 1 })),
          weightBits: 8)
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  /// Biases keep what sinabs would round to the scale of the weights, and the lower threshold is not 0.
  @Test func classesStandOnEveryFourthChannel() throws {
    let wide = try SpeckTarget.spread(try program(), "speck2f")
    try wide.verify()
    let layer = try SpeckLayer(wide, 0, [5], "speck2f").document
    guard case .object(let members) = layer, case .array(let weights) = members["weights"] ?? .null,
      case .array(let biases) = members["biases"] ?? .null
    else {
      Issue.record("the registers have another form")
      return
    }
    #expect(members["threshold_low"] == .integer(-32_768))
    #expect(members["leak_enable"] == .bool(true))
    #expect(biases == [300, 0, 0, 0, 301, 0, 0, 0, 302].map(JSON.integer))
    func cells(_ first: Int, _ second: Int) -> JSON {
      .array([first, second].map { .array([.array([.integer($0)])]) })
    }
    #expect(weights.count == 9)
    #expect([0, 4, 8].map { weights[$0] } == [cells(1, 2), cells(3, 4), cells(5, 6)])
    #expect([1, 2, 3, 5, 6, 7].allSatisfy { weights[$0] == cells(0, 0) })
  }

  /// The ticks are lost, and that is in the ledger as an error.
  @Test func theLossOfTicksIsEntered() throws {
    for id in ["speck2e", "speck2f"] {
      var report = Report()
      let files = try ExportTargets.export(
        ExportSource(program: try program()), to: try ExportTargets.named(id), &report)
      #expect(files.map(\.name) == ["configuration.json", "load.py", "README.md"])
      #expect(report.losses.map(\.code) == [.ticksNotCarried])
      #expect(report.losses.allSatisfy { $0.severity == .error })
    }
  }

  @Test func whatTheChipHasNotIsRefused() throws {
    func refused(_ code: ErrorCode, _ program: SpikingProgram) {
      var report = Report()
      let error = #expect(throws: PackError.self) {
        try ExportTargets.export(
          ExportSource(program: program), to: SpeckTarget(id: "speck2f"), &report)
      }
      #expect(error?.code == code, "\(String(describing: error))")
      #expect(report.losses.isEmpty)
    }
    refused(.readoutNotCarried, try program(classes: 16))
    refused(.saturationNotCarried, try program(start: 32_760))
    refused(
      .saturationNotCarried,
      try program(weights: [-127, -127, 1, 1, 1, 1], timesteps: 200))
  }
}
