import SynapackHDF5
import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

@Suite struct LavaTargetTests {
  /// A convolution of one cell over 2×3 cells, then a dense readout that counts.
  private func program(
    padding: Edges = Edges(), weights: [Int16] = [3], dense: [Int16]? = nil
  ) throws -> SpikingProgram {
    let window = Window(kernel: Extent(y: 1, x: 1), padding: padding)
    let extent = try #require(window.outputExtent(of: Extent(y: 2, x: 3)))
    let plane = try Shape([1, extent.y, extent.x])
    func population(_ name: String, _ shape: Shape, _ biases: [Int32]) -> Population {
      Population(
        name: name, shape: shape,
        model: .integrateAndFire(FiringBehaviour(payloads: 0...1, reset: .zero)),
        thresholds: Parameter([5]), biases: Parameter(biases), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 32), biasBits: 8)
    }
    let inputs = plane.count
    let program = SpikingProgram(
      timesteps: 4, schedule: .tick,
      input: InputPort(
        name: "x", shape: try Shape([1, 2, 3]),
        encoding: .constantCurrent(bits: 4, signed: false, scale: 1)),
      populations: [
        population("plane", plane, (0..<Int32(inputs)).map { $0 }),
        population("classes", try Shape([2]), [0]),
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .convolution(
            IntegerWeights(shape: try Shape([1, 1, 1, 1]), values: weights), window: window,
            groups: 1), weightBits: 9),
        Connection(
          source: .population(0), target: 1,
          synapses: .dense(
            IntegerWeights(
              shape: try Shape([2, inputs]),
              values: dense ?? Array(repeating: 1, count: 2 * inputs))), weightBits: 8),
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func layer(_ program: SpikingProgram, _ index: Int) throws -> [HDF5Value] {
    try LavaLayer(AxonExport(ExportSource(program: program), target: "lava"), index).groups
  }

  private func member(_ name: String, of group: HDF5Value?) -> HDF5Value? {
    guard case .group(let members) = group else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// Lava compares with >, and has planes as [column, row, channel].
  @Test func layersAreInLavasUnitsAndOrder() throws {
    let groups = try layer(try program(), 0)
    #expect(groups.count == 1)
    let neuron = member("neuron", of: groups.first)
    #expect(member("vThMant", of: neuron) == .integers([4], shape: []))
    #expect(member("vDecay", of: neuron) == .integers([0], shape: []))
    #expect(member("bias", of: groups[0]) == .integers([0, 3, 1, 4, 2, 5], shape: [3, 2, 1]))
  }

  @Test func aDenseLayerAfterPlanesIsFlattened() throws {
    let groups = try layer(try program(), 1)
    #expect(groups.map { member("type", of: $0) } == [.text("flatten"), .text("dense")])
  }

  /// What netx corrupts or cannot say is refused.
  @Test func whatNetxCannotReadIsRefused() throws {
    func refused(_ code: ErrorCode, _ program: SpikingProgram) {
      var report = Report()
      let error = #expect(throws: PackError.self) {
        try ExportTargets.export(ExportSource(program: program), to: LavaTarget(), &report)
      }
      #expect(error?.code == code, "\(String(describing: error))")
    }
    refused(.valueNotCarried, try program(weights: [0]))
    refused(.valueNotCarried, try program(weights: [-128]))
    refused(.structureNotCarried, try program(padding: Edges(top: 1)))
    var joined = try program()
    joined.connections.append(joined.connections[1])
    refused(.structureNotCarried, joined)
    var report = Report()
    let even = Edges(top: 1, bottom: 1)
    _ = try ExportTargets.export(
      ExportSource(program: try program(padding: even)), to: LavaTarget(), &report)
  }
}
