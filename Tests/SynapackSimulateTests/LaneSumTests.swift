import SynapackProgram
import SynapackTensor
import Testing

@testable import SynapackSimulate

/// The largest sums that lanes can be asked for: every weight at one end, every payload too.
///
/// Pairs summed in 16 bits would leave them over more than 64 lines, or with payloads above 64.
struct LaneSumTests {
  @Test(arguments: SimulationKernel.allCases, [1, 2, 3, 63, 64, 65, 127])
  func holdTheLargestSums(kernel: SimulationKernel, largest: Int) throws {
    for sign in [1, -1] {
      for weight in [127, -128, 12_700] {
        let program = try loud(payload: sign * largest, weight: weight)
        let simulator = try Simulator(program, kernel: kernel)
        let states = try simulator.finalStates([1])
        let sum = sign * largest * weight * LaneSumTests.sources * program.timesteps
        #expect(
          states[1].membranes == Array(repeating: Int32(sum), count: LaneSumTests.neurons),
          "\(kernel), payload \(sign * largest), weight \(weight)")
        #expect(simulator.populations[1].allowsLanes)
      }
    }
  }

  private static let sources = 301
  private static let neurons = 17

  /// Sources that send `payload` in every tick, all heard by each neuron of an integrator.
  private func loud(payload: Int, weight: Int) throws -> SpikingProgram {
    let (sources, neurons) = (LaneSumTests.sources, LaneSumTests.neurons)
    let (from, to) = (try Shape([sources, 1, 1]), try Shape([neurons]))
    let membrane = Population.membraneRange(bits: 32 - 1)
    let behaviour = FiringBehaviour(
      payloads: min(0, payload)...abs(payload), memory: false, reset: .subtract, leakShift: nil)
    let bias = Parameter([Int32(payload)])
    let zero = Parameter([0])
    let populations = [
      Population(
        name: "sources", shape: from, model: .integrateAndFire(behaviour),
        thresholds: Parameter([1]), biases: bias, initial: zero, membrane: membrane, biasBits: 16),
      Population(
        name: "readout", shape: to, model: .integrator, thresholds: Parameter([1]), biases: zero,
        initial: zero, membrane: membrane, biasBits: 16),
    ]
    let connections = [
      Connection(
        source: .input, target: 0, synapses: .dense(try weights([sources, 1], 0)), weightBits: 8),
      Connection(
        source: .population(0), target: 1,
        synapses: .dense(try weights([neurons, sources], Int16(weight))), weightBits: 16),
    ]
    let program = SpikingProgram(
      timesteps: 2, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: try Shape([1, 1, 1]),
        encoding: .constantCurrent(bits: 2, signed: false, scale: 1), ticks: nil),
      populations: populations, connections: connections,
      readout: Readout(population: 1, decoding: .membrane, unit: 1))
    try program.verify()
    return program
  }

  private func weights(_ shape: [Int], _ value: Int16) throws -> IntegerWeights {
    let shape = try Shape(shape)
    return IntegerWeights(shape: shape, values: Array(repeating: value, count: shape.count))
  }
}
