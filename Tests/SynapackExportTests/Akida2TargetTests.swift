import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackExport

/// What is written for Akida 2; `tools/verify/exports` runs it in akida.
@Suite struct Akida2TargetTests {
  private func program(
    input: Shape, bits: Int, output: Shape, synapses: Synapses, threshold: Int32 = 5,
    payloads: ClosedRange<Int> = 0...1
  ) throws -> SpikingProgram {
    let program = SpikingProgram(
      timesteps: 1, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: input, encoding: .constantCurrent(bits: bits, signed: false, scale: 1)),
      populations: [
        Population(
          name: "only", shape: output,
          model: .integrateAndFire(FiringBehaviour(payloads: payloads)),
          thresholds: Parameter([threshold]), biases: Parameter([1]), initial: Parameter([2]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8)
      ],
      connections: [Connection(source: .input, target: 0, synapses: synapses, weightBits: 8)],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func document(_ program: SpikingProgram) throws -> String {
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program), to: Akida2Target(), &report)
    return String(decoding: try #require(files.first).bytes, as: UTF8.self)
      .filter { !$0.isWhitespace }
  }

  private func dense(threshold: Int32 = 5, payloads: ClosedRange<Int> = 0...1, bits: Int = 4) throws
    -> SpikingProgram
  {
    // Two channels of one row and two columns.
    let weights = IntegerWeights(shape: try Shape([2, 4]), values: [1, 2, 3, 4, 5, 6, 7, 8])
    return try program(
      input: try Shape([2, 1, 2]), bits: bits, output: try Shape([2]), synapses: .dense(weights),
      threshold: threshold, payloads: payloads)
  }

  private func image(_ height: Int, _ width: Int) throws -> SpikingProgram {
    let window = Window(
      kernel: Extent(y: 3, x: 3), padding: Edges(top: 1, left: 1, bottom: 1, right: 1))
    let weights = IntegerWeights(
      shape: try Shape([1, 1, 3, 3]), values: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    let shape = try Shape([1, height, width])
    return try program(
      input: shape, bits: 8, output: shape,
      synapses: .convolution(weights, window: window, groups: 1))
  }

  /// Akida flattens row, column, channel; a variable has all outputs of an input behind one another.
  @Test func denseInputsAreInTheOrderOfCells() throws {
    #expect(try document(try dense()).contains("\"weights\":[1,5,3,7,2,6,4,8]"))
  }

  /// The image's convolution is a correlation and keeps its kernel.
  @Test func imagesAreAsLargeAsTheMapperAsks() throws {
    let text = try document(try image(5, 384))
    #expect(text.contains("\"weights\":[1,2,3,4,5,6,7,8,9]") && text.contains("\"uint8\""))
    for (height, width) in [(4, 5), (5, 4), (5, 385)] {
      let error = #expect(throws: PackError.self) { try document(try image(height, width)) }
      #expect(error?.code == .structureNotCarried)
    }
  }

  /// A dense layer takes no more than 127, and payloads need a scale.
  @Test func whatAkidaDoesNotDivideIsRefused() throws {
    let wide = #expect(throws: PackError.self) { try document(try dense(bits: 8)) }
    #expect(wide?.code == .inputNotCarried)
    _ = try document(try dense(threshold: 20, payloads: 0...15))
    let error = #expect(throws: PackError.self) {
      try document(try dense(threshold: 61, payloads: 0...15))
    }
    #expect(error?.code == .valueNotCarried)
  }

  /// A threshold that no potential reaches, as of a channel that says nothing, takes no numbers of its own.
  @Test(arguments: [Int32(1) << 22, 1 << 26, 1 << 30])
  func thresholdsOutOfReachAreCarried(threshold: Int32) throws {
    #expect(try document(try dense(threshold: threshold)).contains("\"output_scales\""))
  }
}
