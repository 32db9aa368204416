internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What demands speak of in a layer, taken from the program and from synapses that were visited.
///
/// The placer has its own counts of the same words, which it derives axis by axis; here nothing of
/// them is used, so that a mistake in one shows in the other.
struct LayerCensus: DemandValues {
  private var numbers: [DemandVariable: Int] = [:]
  private var sets: [DemandSet: Int] = [:]
  private var connections: [LayerCensus] = []
  /// Of its most demanding neuron alone.
  private var mostSent = 0
  private var mostListeners = 0

  /// - Parameter census: of the whole program, its synapses visited.
  init(_ index: Int, of program: SpikingProgram, _ census: Census) {
    let population = program.populations[index]
    let incoming = program.connections.indices.filter { program.connections[$0].target == index }
    connections = incoming.map { LayerCensus(connection: $0, of: program, census) }
    for part in connections {
      for (variable, number) in part.numbers {
        numbers[variable] = LayerCensus.joined(variable, numbers[variable], number)
      }
    }
    let planes = population.shape.planes ?? (0, 0, 0)
    (numbers[.f], numbers[.oy], numbers[.ox]) = planes
    numbers[.neurons] = planes.channels * planes.height * planes.width
    let biases = population.biases.expanded(to: population.shape)
    numbers[.hasBias] = biases.contains { $0 != 0 } ? 1 : 0
    numbers[.sources] = incoming.count
    let heardBy = program.connections.filter { $0.source == .population(index) }
    numbers[.destinations] = Set(heardBy.map(\.target)).count
    numbers[.payload] = max(0, population.payloads.upperBound)
    numbers[.timesteps] = program.timesteps
    numbers[.fanIn] = census.mostHeard(index)
    numbers[.weightValues] = LayerCensus.weightValues(incoming.map { program.connections[$0] })
    mostSent = census.mostSent(index)
    mostListeners = census.mostListeners(index)
    sets[.thresholds] = Set(population.thresholds.expanded(to: population.shape)).count
    sets[.biases] = Set(biases).count
  }

  private init(connection number: Int, of program: SpikingProgram, _ census: Census) {
    let connection = program.connections[number]
    let source = program.shape(of: connection.source).planes ?? (0, 0, 0)
    let extent = census.relayedExtent(connection)
    let weights = connection.synapses.weights
    let synapses = census.synapses[number]
    numbers = [
      .c: source.channels, .iy: extent.y, .ix: extent.x,
      .arriving: source.channels * extent.y * extent.x, .weightBits: connection.weightBits,
      .hearsInput: connection.source == .input ? 1 : 0, .synapses: synapses,
      .synapseBits: synapses.times(connection.weightBits) ?? .max,
      .storedWeights: weights.count,
      .storedWeightBits: weights.count * connection.weightBits, .poolY: 1, .poolX: 1,
    ]
    for relay in connection.relays {
      numbers[.poolY] = numbers[.poolY]?.times(relay.kernel.y) ?? .max
      numbers[.poolX] = numbers[.poolX]?.times(relay.kernel.x) ?? .max
    }
    let target = program.populations[connection.target].shape.planes ?? (0, 0, 0)
    (numbers[.f], numbers[.oy], numbers[.ox]) = target
    switch connection.synapses {
    case .dense:
      put(Window(kernel: extent))
      numbers[.isDense] = 1
      numbers[.groups] = 1
    case .convolution(_, let window, let groups):
      put(window)
      numbers[.isDense] = 0
      numbers[.groups] = groups
    }
  }

  private mutating func put(_ window: Window) {
    (numbers[.ky], numbers[.kx]) = (window.kernel.y, window.kernel.x)
    (numbers[.sy], numbers[.sx]) = (window.stride.y, window.stride.x)
    (numbers[.dy], numbers[.dx]) = (window.dilation.y, window.dilation.x)
    numbers[.py] = max(0, window.padding.top, window.padding.bottom)
    numbers[.px] = max(0, window.padding.left, window.padding.right)
  }

  /// What a word means for a layer of several connections: their sum, that which all have, or the
  /// largest.
  private static func joined(_ variable: DemandVariable, _ all: Int?, _ one: Int) -> Int {
    guard let all else { return one }
    switch variable {
    case .c, .arriving, .synapses, .synapseBits, .storedWeights, .storedWeightBits:
      return all.adding(one) ?? .max
    case .isDense: return min(all, one)
    default: return max(all, one)
    }
  }

  /// The most different weights, zero left out, that lead to one neuron.
  private static func weightValues(_ connections: [Connection]) -> Int {
    var rows: [Int: Set<Int16>] = [:]
    for weights in connections.map(\.synapses.weights) {
      let size = max(1, weights.count / max(1, weights.shape.dimensions.first ?? 1))
      for (place, value) in weights.values.enumerated() where value != 0 {
        rows[place / size, default: []].insert(value)
      }
    }
    return rows.values.map(\.count).max() ?? 0
  }

  subscript(variable: DemandVariable) -> Int { numbers[variable] ?? 0 }

  /// The same layer where a demand is asked of its most demanding neuron.
  var neuron: LayerCensus {
    var neuron = self
    neuron.numbers[.fanOut] = mostSent
    neuron.numbers[.destinationCores] = mostListeners
    neuron.connections = []
    return neuron
  }

  func value(_ variable: DemandVariable) -> Double { Double(self[variable]) }
  func distinct(_ set: DemandSet) -> Double { Double(sets[set] ?? 0) }
  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] {
    list == .connections ? connections.map { ($0, 1) } : []
  }
}
