import SynapackProgram
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

@testable import SynapackExport

@Suite struct TinyODINTargetTests {
  /// A dense layer of two neurons on three inputs.
  private func program(
    weights: [Int16] = [3, -8, 7, 0, 1, -2], biases: [Int32] = [0], reset: Reset = .zero,
    payloads: ClosedRange<Int> = 0...1, threshold: Int32 = 20, start: Int32 = 0, ticks: Int = 4
  ) throws -> SpikingProgram {
    let shape = try Shape([2])
    let population = Population(
      name: "only", shape: shape,
      model: .integrateAndFire(FiringBehaviour(payloads: payloads, reset: reset)),
      thresholds: Parameter([threshold]), biases: Parameter(biases), initial: Parameter([start]),
      membrane: Population.membraneRange(bits: 32), biasBits: 16)
    let program = SpikingProgram(
      timesteps: ticks, schedule: .tick,
      input: InputPort(
        name: "x", shape: try Shape([3]), encoding: .poisson(signed: false, scale: 1, seed: 1)),
      populations: [population],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .dense(IntegerWeights(shape: try Shape([2, 3]), values: weights)),
          weightBits: 8)
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return program
  }

  private func layer(_ program: SpikingProgram) throws -> TinyODINLayer {
    try TinyODINLayer(program, 0, target: "tinyodin")
  }

  private func refusal(_ program: SpikingProgram) -> ErrorCode? {
    do {
      _ = try layer(program)
      return nil
    } catch {
      return (error as? PackError)?.code
    }
  }

  /// Whatever arrives in one tick, in whatever order, a resting membrane stays below its threshold.
  @Test func nothingThatATickBringsReachesTheThreshold() throws {
    let layer = try layer(try program(biases: [9, -70]))
    let up = [3 + 7 + 9, 1]
    let offset = layer.offset
    for neuron in 0..<2 {
      #expect(19 - offset + up[neuron] < 20)
      #expect(layer.starts[neuron] == -offset)
    }
    // The least such multiple of 7.
    #expect(offset == 21)
    func sent(_ repeated: TinyODINLayer.Repeated?) throws -> [Int] {
      let repeated = try #require(repeated)
      return layer.rows[repeated.row].map { $0 * repeated.times }
    }
    #expect(try sent(layer.lift) == [21, 21, 0])
    #expect(try sent(layer.drop) == [-21, -21, 0])
  }

  @Test(arguments: [0, 1, -7, 8, 63, 64, -449, 511, 700])
  func aBiasIsTheSumOfItsRows(bias: Int32) throws {
    let layer = try layer(try program(biases: [bias, 3], threshold: 900, ticks: 1))
    var sums = [0, 0, 0]
    for one in layer.biases {
      let row = layer.rows[one.row]
      #expect(-7...7 ~= row[0] && row[0] * Int(bias.signum()) >= 0)
      sums = zip(sums, row).map { $0 + $1 * one.times }
    }
    #expect(sums == [Int(bias), 3, 0])
  }

  /// Where a tick reaches twice the threshold, one spike would not be the whole answer.
  @Test func subtractionNeedsItsCertificate() throws {
    #expect(refusal(try program(reset: .subtract, threshold: 10)) == nil)
    #expect(refusal(try program(reset: .subtract, threshold: 9)) == .neuronNotCarried)
    #expect(refusal(try program(reset: .subtract, payloads: 0...3, threshold: 4)) == nil)
    #expect(refusal(try program(reset: .zero, threshold: 9)) == nil)
  }

  @Test func whatTheWidthsDoNotHoldIsRefused() throws {
    #expect(refusal(try program(weights: [8, 0, 0, 0, 0, 0])) == .valueNotCarried)
    #expect(refusal(try program(weights: [-9, 0, 0, 0, 0, 0])) == .valueNotCarried)
    #expect(refusal(try program(biases: [-500], ticks: 4)) == nil)
    #expect(refusal(try program(biases: [-500], ticks: 5)) == .saturationNotCarried)
  }

  /// Bytes hold an even column below an odd one, and a neuron's word is written byte by byte.
  @Test func wordsHaveTheLayoutOfTheMemories() throws {
    let words = TinyODINWords.text(try layer(try program())).split(separator: "\n")
    #expect(words.allSatisfy { $0.count == 10 })
    // Gate on, open loop, spikes at the output, the mark as the last neuron.
    #expect(words.prefix(4) == ["0000000001", "0000100001", "0000200000", "0000300002"])
    // Neuron 0: v = −14 is 0xFF2, θ = 20 is 0x014, a leak of 127.
    #expect(words[4..<8] == ["50000000f2", "501000004f", "5020000001", "503000007f"])
    // Row 0: 3 and 0; row 1: −8 and 1.
    #expect(words.contains("6000000003") && words.contains("6002000018"))
    #expect(words.last == "0000000000")
  }
}
