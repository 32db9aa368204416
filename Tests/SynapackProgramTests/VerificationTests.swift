import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Each invariant broken alone, from a program that is right.
struct VerificationTests {
  private func program() throws -> SpikingProgram {
    let plane = try Shape([2, 3, 3])
    let fires = NeuronModel.integrateAndFire(FiringBehaviour(payloads: 0...1))
    return SpikingProgram(
      timesteps: 4, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([1, 3, 3]),
        encoding: .constantCurrent(bits: 8, signed: false, scale: 0.5)),
      populations: [
        Population(
          name: "conv", shape: plane, model: fires, thresholds: Parameter([100, 90]),
          biases: Parameter([3, -4]), initial: Parameter([50]),
          membrane: Population.membraneRange(bits: 16), biasBits: 8),
        Population(
          name: "out", shape: try Shape([2]), model: .integrator, thresholds: Parameter([1]),
          biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 30), biasBits: 8),
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .convolution(
            IntegerWeights(shape: try Shape([2, 1, 3, 3]), values: (0..<18).map { Int16($0) }),
            window: Window(
              kernel: Extent(y: 3, x: 3), padding: Edges(top: 1, left: 1, bottom: 1, right: 1)),
            groups: 1), weightBits: 8),
        Connection(
          source: .population(0), target: 1,
          synapses: .dense(
            IntegerWeights(shape: try Shape([2, 18]), values: Array(repeating: -127, count: 36))),
          weightBits: 8),
      ],
      readout: Readout(population: 1, decoding: .membrane, unit: 1))
  }

  @Test func theProgramItselfIsRight() throws {
    try program().verify()
  }

  private static let structure: [@Sendable (inout SpikingProgram) -> Void] = [
    { $0.timesteps = 0 },
    { $0.timesteps = 65_537 },
    { $0.schedule = .staggered(-1) },
    { $0.readout.population = 2 },
    { $0.populations[1].name = "conv" },
    { $0.connections.swapAt(0, 1) },
    { $0.connections[1].source = .population(1) },
    { $0.connections[1].target = 7 },
    { $0.populations[0].thresholds = Parameter([1, 2, 3]) },
    { $0.populations[0].biases = Parameter([]) },
    { $0.populations[0].model = .integrateAndFire(FiringBehaviour(payloads: 0...40_000)) },
    {
      $0.populations[0].model = .integrateAndFire(FiringBehaviour(payloads: 0...1, leakShift: 32))
    },
    { $0.connections[0].weightBits = 17 },
    { $0.connections[0].relays = [Window(kernel: Extent(y: 9, x: 9))] },
    { $0.input.encoding = .constantCurrent(bits: 8, signed: false, scale: 0) },
  ]

  @Test(arguments: structure.indices)
  func structureIsRefused(index: Int) throws {
    var program = try program()
    Self.structure[index](&program)
    #expect {
      try program.verify()
    } throws: { ($0 as? PackError)?.code == .malformedProgram }
  }

  private static let widths: [@Sendable (inout SpikingProgram) -> Void] = [
    { $0.connections[1].weightBits = 7 },
    { $0.populations[0].biasBits = 3 },
    { $0.populations[0].thresholds = Parameter([0]) },
    { $0.populations[0].thresholds = Parameter([40_000]) },
    { $0.populations[0].initial = Parameter([-40_000]) },
  ]

  @Test(arguments: widths.indices)
  func valuesOutsideTheirWidthsAreRefused(index: Int) throws {
    var program = try program()
    Self.widths[index](&program)
    #expect {
      try program.verify()
    } throws: { ($0 as? PackError)?.code == .valueOutsideWidth }
  }

  /// The bound holds for every sample, and is reached where all inputs push one way.
  @Test func theBoundIsReachedAndNeverPassed() throws {
    let bounds = try program().inputBounds()
    // Channel 1 has the taps 9 … 17, each met by at most 255, and a bias of −4.
    #expect(bounds == [Int64((9...17).reduce(0, +) * 255 + 4), 127 * 18])
  }

  @Test func membranesAreTwosComplement() {
    #expect(Population.membraneRange(bits: 8) == -128...127)
    #expect(Population.membraneRange(bits: 32) == Int32.min...Int32.max)
  }

  @Test func sizesAreCounted() throws {
    let program = try program()
    #expect(program.neurons == 20 && program.firingNeurons == 18)
    #expect(program.weightCounts == (54, 1))
    #expect(program.denseOperationsPerTick == 18 * 9 + 2 * 18)
    // 54 weights of 8 bits; biases 3 × 8; initial and thresholds 3 × 16 and 2 × 30 bits.
    #expect(program.footprintBytes == (54 * 8 + 3 * 8 + 3 * 16 + 2 * 30 + 7) / 8)
  }
}
