import SynapackProgram
import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackExport

/// What is written for Akida's chips; `tools/verify/exports` runs it in akida.
@Suite struct AkidaTargetTests {
  /// A convolution of the input's two planes of 4×4 cells and one behind it.
  private func program(kernel: Int, padding: Int) throws -> SpikingProgram {
    func population(_ name: String, _ side: Int) throws -> Population {
      Population(
        name: name, shape: try Shape([2, side, side]),
        model: .integrateAndFire(FiringBehaviour(payloads: 0...15)),
        thresholds: Parameter([5]), biases: Parameter([1]), initial: Parameter([2]),
        membrane: Population.membraneRange(bits: 32), biasBits: 8)
    }
    func connection(_ source: Source, _ target: Int, _ side: Int, _ edge: Int) throws -> Connection
    {
      let shape = try Shape([2, 2, side, side])
      let values = (0..<shape.count).map { Int16($0 % 3 - 1) }
      let window = Window(
        kernel: Extent(y: side, x: side),
        padding: Edges(top: edge, left: edge, bottom: edge, right: edge))
      return Connection(
        source: source, target: target,
        synapses: .convolution(
          IntegerWeights(shape: shape, values: values), window: window, groups: 1),
        weightBits: 2)
    }
    let program = SpikingProgram(
      timesteps: 1, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([2, 4, 4]),
        encoding: .constantCurrent(bits: 4, signed: false, scale: 1)),
      populations: [
        try population("first", 4), try population("second", 4 - kernel + 1 + 2 * padding),
      ],
      connections: [
        try connection(.input, 0, 3, 1), try connection(.population(0), 1, kernel, padding),
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func document(_ program: SpikingProgram, _ target: String) throws -> String {
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program), to: try ExportTargets.named(target), &report)
    return String(decoding: try #require(files.first).bytes, as: UTF8.self)
  }

  /// A kernel of one cell pads nothing under either name, and chips map `same` alone.
  @Test(arguments: ["akida1", "akida1.5"]) func smallKernelsPadAsTheChipsDo(id: String) throws {
    let text = try document(try program(kernel: 1, padding: 0), id)
    #expect(!text.contains("valid") && text.contains("same"))
  }

  @Test func hiddenConvolutionsOfAnotherPaddingAreRefused() throws {
    _ = try document(try program(kernel: 3, padding: 1), "akida1")
    let narrow = try program(kernel: 3, padding: 0)
    let error = #expect(throws: PackError.self) { try document(narrow, "akida1") }
    #expect(error?.code == .structureNotCarried)
  }

  /// One network; the device alone differs.
  @Test func bothChipsHaveTheSameLayers() throws {
    let program = try program(kernel: 3, padding: 1)
    let (first, second) = (try document(program, "akida1"), try document(program, "akida1.5"))
    #expect(first.contains("\"AKD1000\"") && second.contains("\"AKD1500\""))
    #expect(first.replacing("AKD1000", with: "AKD1500") == second)
  }

  /// An input of 8 bits, one plane of cells, a convolution and nothing else.
  private func inputConvolution(
    _ height: Int, _ width: Int, kernel: Int, stride: Int, edge: Int = 0, weight: Int16 = 1
  ) throws -> SpikingProgram {
    let window = Window(
      kernel: Extent(y: kernel, x: kernel), stride: Extent(y: stride, x: stride),
      padding: Edges(top: edge, left: edge, bottom: edge, right: edge))
    let output = try #require(window.outputExtent(of: Extent(y: height, x: width)))
    let weights = IntegerWeights(
      shape: try Shape([1, 1, kernel, kernel]),
      values: Array(repeating: weight, count: kernel * kernel))
    let program = SpikingProgram(
      timesteps: 1, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([1, height, width]),
        encoding: .constantCurrent(bits: 8, signed: false, scale: 1)),
      populations: [
        Population(
          name: "only", shape: try Shape([1, output.y, output.x]),
          model: .integrateAndFire(FiringBehaviour(payloads: 0...15)),
          thresholds: Parameter([500]), biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8)
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .convolution(weights, window: window, groups: 1), weightBits: 8)
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  /// Of sizes around akida's limits exactly those are written that its mapper takes.
  @Test func smallInputConvolutionsAreRefusedAsTheMapperDoes() throws {
    for height in 3...11 {
      for width in 3...11 {
        for (kernel, stride) in [(3, 1), (3, 2), (3, 3), (5, 1), (5, 2), (7, 3)]
        where min(height, width) >= kernel {
          let isMapped = min(height, width) >= 5 && width >= kernel + stride
          let program = try inputConvolution(height, width, kernel: kernel, stride: stride)
          let text = try? document(program, "akida1")
          #expect((text != nil) == isMapped, "\(height)×\(width), \(kernel), \(stride)")
        }
      }
    }
    // Padded, columns may be as few as rows.
    _ = try document(try inputConvolution(5, 5, kernel: 5, stride: 1, edge: 2), "akida1")
    for program in [
      try inputConvolution(5, 8, kernel: 7, stride: 1, edge: 3),
      try inputConvolution(8, 8, kernel: 3, stride: 1, edge: 1, weight: 0),
    ] {
      let error = #expect(throws: PackError.self) { try document(program, "akida1") }
      #expect(error?.code == .structureNotCarried)
    }
  }
}
