import SynapackConvert
import SynapackGraph
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Max-pooling by neurons: under `accumulate` its payload counts are the largest of its sources',
/// at any width of the weights.
struct TournamentTests {
  struct Case: Sendable, CustomStringConvertible {
    var window: Window
    var concatenates: Bool
    var payloads: ClosedRange<Int>
    var bits: Int
    var description: String {
      "\(window.kernel) concat \(concatenates), \(payloads), \(bits) bits"
    }
  }

  static let windows = [
    Window(kernel: Extent(y: 2, x: 2), stride: Extent(y: 2, x: 2)),
    Window(
      kernel: Extent(y: 3, x: 3), stride: Extent(y: 2, x: 2),
      padding: Edges(top: 1, left: 1, bottom: 1, right: 1)),
    Window(
      kernel: Extent(y: 3, x: 3), stride: Extent(y: 2, x: 2), overhang: Extent(y: 1, x: 1)),
    Window(
      kernel: Extent(y: 2, x: 1), dilation: Extent(y: 3, x: 1),
      padding: Edges(top: 0, left: 2, bottom: 1, right: 0)),
  ]

  static let cases = windows.flatMap { window in
    [false, true].flatMap { concatenates in
      [0...1, -1...1, 0...3].flatMap { payloads in
        [4, 8].map {
          Case(window: window, concatenates: concatenates, payloads: payloads, bits: $0)
        }
      }
    }
  }

  @Test(arguments: cases) func countsAreTheLargest(_ test: Case) throws {
    for seed in 1...2 as ClosedRange<UInt64> {
      var b = try GraphBuilder(seed: seed, input: [2, 8, 8])
      var sources = ["first"]
      var wire = try b.relu(b.convolution(b.input, 3, kernel: 3), name: "first")
      if test.concatenates {
        sources.append("second")
        let second = try b.relu(b.convolution(wire, 2, kernel: 3), name: "second")
        wire = try b.add(.concat(Concat(axis: 0)), wire, second)
      }
      let pool = MaxPool(window: test.window)
      let output = try b.add(.maxPool(pool), wire)
      let graph = try b.graph(output)
      let samples = b.samples(12)
      let options = ConversionOptions(
        timesteps: 32, schedule: .accumulate, payloads: test.payloads, method: "percentile",
        weightBits: test.bits)
      let program = try Conversion(graph, samples, options).program
      let simulator = try Simulator(program)
      for start in stride(from: 0, to: samples.count, by: 128) {
        let input = program.encode(Array(samples[start..<start + 128])).payloads
        let counts = try simulator.finalStates(input).map { $0.payloads.map(Float.init) }
        let pooled = try pooledCounts(counts, program)
        let expected = try pool.evaluate(
          [concatenated(counts, program, sources)], WeightStore())
        let wrong = zip(pooled.values, expected.values).count { $0 != $1 }
        #expect(wrong == 0, "seed \(seed), sample \(start / 128)")
      }
    }
  }

  private func concatenated(
    _ counts: [[Float]], _ program: SpikingProgram, _ names: [String]
  ) throws -> FloatArray {
    var values: [Float] = []
    for name in names {
      let index = try #require(program.populations.firstIndex { $0.name == name })
      values += counts[index]
    }
    return FloatArray(shape: try Shape([values.count / 64, 8, 8]), values: values)
  }

  /// What reaches the readout when each of its weights counts as one.
  private func pooledCounts(
    _ counts: [[Float]], _ program: SpikingProgram
  ) throws -> FloatArray {
    let readout = program.readout.population
    var sum = FloatArray(shape: program.populations[readout].shape)
    for connection in program.incoming(readout) {
      guard case .population(let source) = connection.source,
        case .convolution(let weights, _, let groups) = connection.synapses
      else { continue }
      var moved = FloatArray(shape: program.populations[source].shape, values: counts[source])
      for relay in connection.relays {
        moved = try WindowSum(window: relay).evaluate([moved], WeightStore())
      }
      let plane = sum.values.count / weights.shape[0]
      for output in 0..<weights.shape[0] {
        for i in 0..<weights.shape[1] where weights.values[output * weights.shape[1] + i] != 0 {
          let channel = output / (weights.shape[0] / groups) * weights.shape[1] + i
          for cell in 0..<plane {
            sum.values[output * plane + cell] += moved.values[channel * plane + cell]
          }
        }
      }
    }
    return sum
  }
}
