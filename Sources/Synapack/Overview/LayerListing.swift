internal import SynapackBundle
internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// What the layers of a program take and send, one object a layer.
///
/// Weights are read one connection after another, and each once.
struct LayerListing {
  private let program: SpikingProgram
  private let times: [Clock.Times]
  private let activity: [Activity?]
  private var synapses: [Synapses]
  /// Weights by their share of the largest integer of their width, from −1 to 1 in equal columns;
  /// the middle one holds those next to 0.
  private(set) var histogram = Array(repeating: 0, count: 2 * LayerListing.half + 1)

  private static let half = 16

  /// What a layer hears through.
  private struct Synapses {
    var weights = 0
    var zeros = 0
    /// The widths of its connections, ascending.
    var widths: Set<Int> = []
    var bits = 0
    var entropy = 0.0
    /// Σ over the connections of the taps and relayed cells of one neuron.
    var fanIn = 0
  }

  /// Means over vectors and neurons, of a whole inference: the events, and the magnitudes of the
  /// payloads that they stand for.
  private struct Activity {
    var spikes: Double
    var payload: Double
  }

  /// - Parameter outcomes: of the conformance vectors, for payloads that are not one event each and
  ///   of which a record has the sum alone; empty to take the records.
  init(_ bundle: Bundle, outcomes: [Outcome] = []) {
    program = bundle.program
    times = bundle.windows
    activity = bundle.program.populations.indices.map {
      LayerListing.activity(of: $0, bundle, outcomes)
    }
    synapses = Array(repeating: Synapses(), count: bundle.program.populations.count)
    for connection in bundle.program.connections { add(connection) }
  }

  private mutating func add(_ connection: Connection) {
    let weights = connection.synapses.weights
    let values = weights.values
    var layer = synapses[connection.target]
    layer.weights += values.count
    layer.zeros += values.count { $0 == 0 }
    layer.widths.insert(connection.weightBits)
    layer.bits += values.count * connection.weightBits
    layer.entropy += WeightEntropy.bits(of: values)
    let relayed = connection.relays.reduce(1) { product, relay in
      relay.kernel.y.times(relay.kernel.x)?.times(product) ?? .max
    }
    let taps = values.count / max(1, weights.shape[0])
    layer.fanIn = taps.times(relayed)?.adding(layer.fanIn) ?? .max
    synapses[connection.target] = layer
    let most = Double(max(1, (1 << (connection.weightBits - 1)) - 1))
    for value in values {
      let share = min(1, max(-1, Double(value) / most))
      histogram[LayerListing.half + Int((share * Double(LayerListing.half)).rounded())] += 1
    }
  }

  private static func activity(
    of population: Int, _ bundle: Bundle, _ outcomes: [Outcome]
  ) -> Activity? {
    let neurons = bundle.program.populations[population].shape.count
    let (vectors, isFiring) = (
      bundle.conformance, bundle.program.populations[population].payloads != 0...0
    )
    guard !vectors.isEmpty, neurons > 0, isFiring else { return nil }
    let count = Double(neurons) * Double(vectors.count)
    guard outcomes.isEmpty else {
      func mean(_ sums: KeyPath<Outcome, [Int]>) -> Double {
        Double(outcomes.reduce(0) { $0 + $1[keyPath: sums][population] }) / count
      }
      return Activity(spikes: mean(\.events), payload: mean(\.payload))
    }
    var (spikes, payload) = (0.0, 0.0)
    for record in vectors.flatMap({ $0.populations[population] }) {
      spikes += Double(record.spikes)
      payload += Double(record.payload)
    }
    return Activity(spikes: spikes / count, payload: payload / count)
  }

  var json: JSON { .array(program.populations.indices.map(layer)) }

  private func layer(_ index: Int) -> JSON {
    let (population, layer) = (program.populations[index], synapses[index])
    let times = times[index]
    let thresholds = population.thresholds.values
    let active = activity[index]
    return [
      "name": .string(population.name),
      "shape": .array(population.shape.dimensions.map(JSON.integer)),
      "neurons": .integer(population.shape.count), "model": .string(LayerListing.words(population)),
      "fires": .bool(population.payloads != 0...0),
      "weights": .integer(layer.weights), "zeroWeights": .integer(layer.zeros),
      "weightBits": .array(layer.widths.sorted().map(JSON.integer)),
      "weightBytes": .integer((layer.bits + 7) / 8),
      "weightEntropyBytes": .integer(WeightEntropy.bytes(ofBits: layer.entropy)),
      "fanIn": .integer(layer.fanIn),
      "thresholds": .array(
        population.payloads == 0...0
          ? [] : [thresholds.min(), thresholds.max()].compactMap { $0 }.map { .integer(Int($0)) }),
      "membraneBits": .integer(population.membraneBits), "biasBits": .integer(population.biasBits),
      "begins": .integer(times.begins), "opens": .integer(times.opens),
      "ends": .integer(times.ends),
      "spikesPerNeuron": active.map { .number($0.spikes) } ?? .null,
      "payloadPerNeuron": active.map { .number($0.payload) } ?? .null,
    ]
  }

  /// The neuron in a few words, such as `0…1` for integrate-and-fire.
  private static func words(_ population: Population) -> String {
    let payloads = "\(population.payloads.lowerBound)…\(population.payloads.upperBound)"
    switch population.model {
    case .integrator: return "integrator"
    case .compensated: return "compensated \(payloads)"
    case .integrateAndFire(let behaviour):
      let reset = behaviour.reset == .zero ? ", reset to 0" : ""
      let leak = behaviour.leakShift == nil ? "" : ", leaky"
      return "fires \(payloads)" + (behaviour.memory ? " with memory" : "") + reset + leak
    }
  }
}

extension LayerListing {
  /// The outcomes of the conformance vectors where some population sends other payloads than 0 and 1.
  static func outcomes(of bundle: Bundle, threads: Int) throws(PackError) -> [Outcome] {
    let program = bundle.program
    guard program.populations.contains(where: { $0.payloads != 0...0 && $0.payloads != 0...1 })
    else { return [] }
    let simulator = try Simulator(program, coding: bundle.coding)
    return try parallelUnits(count: bundle.conformance.count, threads: threads) {
      (index) throws(PackError) in
      try simulator.run(bundle.conformance[index].input)
    }
  }
}
