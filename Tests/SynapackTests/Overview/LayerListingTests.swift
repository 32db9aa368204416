import SynapackBundle
import SynapackProgram
import SynapackSimulate
import SynapackSupport
import SynapackTensor
import Testing

@testable import Synapack

struct LayerListingTests {
  /// Two inputs that drive two neurons through weights of 4 bits.
  private func bundle(_ weights: [Int16], vectors: [[TickRecord]] = []) throws -> Bundle {
    let (inputs, neurons) = (try Shape([2]), try Shape([2]))
    let program = SpikingProgram(
      timesteps: 2, schedule: .wavefront,
      input: InputPort(
        name: "x", shape: inputs, encoding: .constantCurrent(bits: 4, signed: false, scale: 1)),
      populations: [
        Population(
          name: "a", shape: neurons, model: .integrateAndFire(FiringBehaviour(payloads: 0...3)),
          thresholds: Parameter([5, 9]), biases: Parameter([0]), initial: Parameter([0]),
          membrane: Population.membraneRange(bits: 12), biasBits: 4)
      ],
      connections: [
        Connection(
          source: .input, target: 0,
          synapses: .dense(IntegerWeights(shape: try Shape([2, 2]), values: weights)), weightBits: 4
        )
      ],
      readout: Readout(population: 0, decoding: .count, unit: 1))
    try program.verify()
    return Bundle(
      program: program,
      conformance: vectors.map {
        ConformanceVector(input: [1, 1], populations: [$0], scores: [0, 0])
      },
      origin: BundleOrigin(format: "onnx", digest: ""), generator: "test")
  }

  private func layer(_ bundle: Bundle) -> JSON {
    guard case .array(let layers) = LayerListing(bundle).json else { return .null }
    return layers.first ?? .null
  }

  /// Two equal and two other levels: the entropy is 4·1.5 bits, the width 4·4.
  @Test func aLayerIsCounted() throws {
    let layer = layer(try bundle([7, 7, 0, -7]))
    #expect(layer.member("weights") == 4 && layer.member("zeroWeights") == 1)
    #expect(layer.member("weightBytes") == 2 && layer.member("weightEntropyBytes") == 1)
    #expect(layer.member("fanIn") == 2 && layer.member("thresholds") == [5, 9])
    #expect(layer.member("model") == "fires 0…3")
    #expect(layer.member("spikesPerNeuron") == .null)
  }

  /// Means over neurons and vectors, sums over ticks; a payload counts as often as it is worth.
  @Test func spikesAreMeansOfTheVectors() throws {
    func record(_ spikes: Int, _ payload: Int) -> TickRecord {
      TickRecord(spikes: spikes, payload: payload, membraneChecksum: 0)
    }
    let layer = layer(
      try bundle(
        [1, 1, 1, 1], vectors: [[record(2, 6), record(0, 0)], [record(1, 1), record(2, 2)]]))
    #expect(layer.member("spikesPerNeuron") == .number(1.25))
    #expect(layer.member("payloadPerNeuron") == .number(2.25))
  }

  /// What the records have no number of is counted again: negative payloads, and spikes of which
  /// several are one payload.
  @Test func severalSpikesAreCounted() throws {
    var outcome = try Simulator(try bundle([1, 1, 1, 1]).program).run([1, 1])
    (outcome.events, outcome.payload) = ([4], [6])
    let record = TickRecord(spikes: 2, payload: 0, membraneChecksum: 0)
    guard
      case .array(let layers) = LayerListing(
        try bundle([1, 1, 1, 1], vectors: [[record, record]]), outcomes: [outcome]
      ).json
    else { return }
    #expect(layers.first?.member("spikesPerNeuron") == .number(2))
    #expect(layers.first?.member("payloadPerNeuron") == .number(3))
  }

  /// They are counted where a recipe names a neuron that sends several, and nowhere else.
  @Test(arguments: [("graded:2", 4), ("multi:2", 5), ("burst:3", 8)])
  func theRecipeNamesWhatPayloadsAreSentAs(neuron: String, events: Int) throws {
    var bundle = try bundle([7, 7, 7, 7], vectors: [[]])
    bundle.recipe = #"{"neuron":"\#(neuron)"}"#
    let outcomes = try LayerListing.outcomes(of: bundle, threads: 1)
    // 14 in each of two ticks sends 2 and 3 over θ = 5, 1 and 2 over θ = 9.
    #expect(outcomes.map(\.events) == [[events]])
  }

  /// The ends of the width are the ends of the histogram, and it is symmetric.
  @Test func theHistogramSpansTheWidth() throws {
    let counts = LayerListing(try bundle([7, -7, 0, 0])).histogram
    #expect(counts.first == 1 && counts.last == 1 && counts[counts.count / 2] == 2)
    #expect(counts.reduce(0, +) == 4)
  }
}
