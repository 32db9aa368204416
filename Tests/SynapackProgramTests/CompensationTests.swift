import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Each limit of a compensated population broken alone; nothing that a file says may trap.
struct CompensationTests {
  private func program(
    _ function: CompensatedFunction = .identity, drive: Drive? = nil
  ) throws -> SpikingProgram {
    let plane = try Shape([2, 3, 4])
    func population(_ name: String, _ model: NeuronModel) -> Population {
      Population(
        name: name, shape: plane, model: model, thresholds: Parameter([5]),
        biases: Parameter([0]), initial: Parameter([0]),
        membrane: Population.membraneRange(bits: 32), biasBits: 8)
    }
    let unit = Window(kernel: Extent(y: 1, x: 1))
    let weights = IntegerWeights(shape: try Shape([2, 1, 1, 1]), values: [1, 2])
    return SpikingProgram(
      timesteps: 4, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: plane, encoding: .constantCurrent(bits: 8, signed: true, scale: 1)),
      populations: [
        population("spikes", .integrateAndFire(FiringBehaviour(payloads: -7...7))),
        population(
          "operator",
          .compensated(
            Compensation(
              payloads: -255...255, drive: drive ?? .product(Self.product), function: function))),
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .convolution(weights, window: unit, groups: 2), weightBits: 8)
      ],
      readout: Readout(population: 1, decoding: .count, unit: 1))
  }

  private static let product = OperandProduct(
    batch: 2, rows: 3, columns: 4, inner: 4, isColumnMajor: false,
    left: Operand(source: 0, offset: 0, perMatrix: 12, perLine: 4, perTerm: 1),
    right: Operand(source: 0, offset: 0, perMatrix: 8, perLine: 1, perTerm: 4))

  @Test func theProgramItselfIsRight() throws {
    try program().verify()
    try program(.table(FunctionTable(values: [0, 1], origin: 1))).verify()
  }

  private static let products: [@Sendable (inout OperandProduct) -> Void] = [
    { $0.batch = 0 }, { $0.rows = 2 }, { $0.columns = .max }, { $0.inner = 0 },
    { $0.inner = .max },
    {
      $0.inner = 1 << 40; $0.left.perTerm = 0; $0.right.perTerm = 0
    },
    { $0.left.source = 1 }, { $0.left.source = -1 }, { $0.right.source = 9 },
    { $0.left.offset = 1 }, { $0.left.offset = -1 }, { $0.left.offset = .max },
    { $0.right.perTerm = .max }, { $0.right.perLine = -1 }, { $0.right.perMatrix = 13 },
  ]

  @Test(arguments: products.indices) func productsAreBounded(index: Int) throws {
    var product = Self.product
    Self.products[index](&product)
    let broken = try program(drive: .product(product))
    let error = #expect(throws: PackError.self) { try broken.verify() }
    #expect(error?.code == .malformedProgram, "\(index)")
  }

  private static let functions: [(CompensatedFunction, ErrorCode)] = [
    (.table(FunctionTable(values: [1], origin: 0)), .malformedProgram),
    (.table(FunctionTable(values: [], origin: 0)), .malformedProgram),
    (.table(FunctionTable(values: [0, 1], origin: 2)), .malformedProgram),
    (.table(FunctionTable(values: [0, 1], origin: -1)), .malformedProgram),
    (
      .table(FunctionTable(values: Array(repeating: 0, count: 4_098), origin: 0)),
      .malformedProgram
    ),
    (.table(FunctionTable(values: [0, (1 << 28) + 1], origin: 0)), .valueOutsideWidth),
    (norm(shift: 17), .valueOutsideWidth), (norm(shift: -1), .valueOutsideWidth),
    (norm(epsilon: -1), .valueOutsideWidth), (norm(epsilon: .max), .valueOutsideWidth),
    (norm(gains: [1, 2, 3]), .malformedProgram), (norm(offsets: []), .malformedProgram),
    (softmax([0, 0]), .valueOutsideWidth), (softmax([1, -1]), .valueOutsideWidth),
    (softmax([1]), .malformedProgram), (softmax([(1 << 24) + 1, 0]), .valueOutsideWidth),
    (softmax([1, 0], gain: 0), .valueOutsideWidth),
  ]

  private static func norm(
    shift: Int = 0, epsilon: Int32 = 0, gains: [Int32] = [1], offsets: [Int32] = [0]
  ) -> CompensatedFunction {
    .normalization(
      MeanNormalization(
        axis: .channels, shift: shift, epsilon: epsilon, gains: Parameter(gains),
        offsets: Parameter(offsets)))
  }

  private static func softmax(_ values: [Int32], gain: Int32 = 1) -> CompensatedFunction {
    .softmax(SoftmaxTable(axis: .row, values: values, gain: gain))
  }

  @Test(arguments: functions.indices) func functionsAreBounded(index: Int) throws {
    let (function, code) = Self.functions[index]
    let broken = try program(function)
    let error = #expect(throws: PackError.self) { try broken.verify() }
    #expect(error?.code == code, "\(index)")
  }

  @Test func sumsCannotOverflow() throws {
    var broken = try program()
    broken.populations[0].model = .integrateAndFire(FiringBehaviour(payloads: -32_767...32_767))
    broken.timesteps = 65_536
    let error = #expect(throws: PackError.self) { try broken.verify() }
    #expect(error?.code == .accumulatorOverflow)
    var steep = try program(.table(FunctionTable(values: [0, 1], origin: 0)))
    steep.populations[1].thresholds = Parameter([Int32.max])
    steep.timesteps = 5
    #expect(throws: PackError.self) { try steep.verify() }
  }

  @Test func aDrivenPopulationHasNothingElse() throws {
    var biased = try program()
    biased.populations[1].biases = Parameter([1])
    #expect(throws: PackError.self) { try biased.verify() }
    var connected = try program()
    var connection = connected.connections[0]
    connection.target = 1
    connected.connections.append(connection)
    #expect(throws: PackError.self) { try connected.verify() }
    var still = try program()
    still.populations[1].thresholds = Parameter([0])
    #expect(throws: PackError.self) { try still.verify() }
  }

  @Test func operandsCountInTheClock() throws {
    var late = try program()
    late.schedule = .staggered(3)
    let clock = Clock(late)
    #expect(clock.populations[1].opens == 3 && clock.populations[1].ends == 7)
  }
}
