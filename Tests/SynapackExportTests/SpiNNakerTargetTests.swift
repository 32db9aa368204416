import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

@Suite struct SpiNNakerTargetTests {
  /// One dense layer of two inputs that resets to zero, and counts.
  private func program(
    weights: [Int16], timesteps: Int = 4, signed: Bool = false, biases: Int32 = 0
  ) throws -> SpikingProgram {
    let shape = try Shape([2])
    let program = SpikingProgram(
      timesteps: timesteps, schedule: .tick,
      input: InputPort(
        name: "x", shape: shape, encoding: .poisson(signed: signed, scale: 1, seed: 1)),
      populations: [
        Population(
          name: "layer", shape: shape,
          model: .integrateAndFire(FiringBehaviour(payloads: 0...1, reset: .zero)),
          thresholds: Parameter([5]), biases: Parameter([biases]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 32), biasBits: 8)
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .dense(IntegerWeights(shape: try Shape([2, 2]), values: weights)),
          weightBits: 16)
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func texts(_ program: SpikingProgram) throws -> [String: String] {
    var report = Report()
    let files = try ExportTargets.export(
      ExportSource(program: program), to: SpiNNakerTarget(), &report)
    return Dictionary(
      uniqueKeysWithValues: files.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
  }

  /// Signs have their own files; the reset is below four ticks of −7, and a neuron lifts itself from it.
  @Test func everySignHasItsListAndNeuronsLiftThemselves() throws {
    let files = try texts(try program(weights: [3, -7, 0, 2]))
    let heading = "# columns = [\"i\", \"j\", \"weight\", \"delay\"]\n"
    #expect(files["connections-0.txt"] == heading + "0\t0\t3\t1\n1\t1\t2\t1\n")
    #expect(files["connections-1.txt"] == heading + "1\t0\t-7\t1\n")
    #expect(files["connections-2.txt"] == heading + "0\t0\t28\t1\n1\t1\t28\t1\n")
    #expect(files["connections-3.txt"] == nil)
    // PyNN's FromFileConnector takes the one row of the second list for four.
    #expect(files["load.py"]?.contains("FromFileConnector(") == false)
    #expect(files["load.py"]?.contains("sim.FromListConnector(rows") == true)
    let network = try #require(files["network.json"])
    #expect(network.contains("\"reset\": -28"))
    // 3 + 28 excite the first neuron.
    let sums = network.replacing(" ", with: "").replacing("\n", with: "")
    #expect(sums.contains("\"sums\":[31,7]"), "\(sums)")
  }

  /// Of a list that is not in the order of its sources sPyNNaker 7.4.1 drops connections.
  @Test func listsAreInTheOrderOfTheirSources() throws {
    let list = try #require(try texts(program(weights: [1, 2, 3, 4]))["connections-0.txt"])
    let rows = list.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").prefix(3) }
    #expect(rows.map { $0.joined(separator: " ") } == ["0 0 1", "0 1 3", "1 0 2", "1 1 4"])
  }

  /// The last weights whose reset fits the receptor are written, the next are refused.
  @Test func whatAReceptorCannotHoldIsRefused() throws {
    // T = 4: the reset is at 4·w, and excites together with the positive weight of 1.
    let last = Int16((SpiNNakerProjection.largestSum - 1) / 4)
    _ = try texts(try program(weights: [1, -last, 1, -last]))
    for weights in [[4, -last, 1, 1], [1, -(last + 1), 1, 1], [.max, 1, 1, 1]] {
      let error = #expect(throws: PackError.self) { try texts(try program(weights: weights)) }
      #expect(error?.code == .saturationNotCarried)
      #expect(error?.trail.isEmpty == false)
    }
  }
}
