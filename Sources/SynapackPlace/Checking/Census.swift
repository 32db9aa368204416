internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Counts what every core holds, synapse by synapse.
struct Census {
  private let program: SpikingProgram
  private(set) var counts: [CoreCounts]
  /// The core of each neuron of each population.
  private var home: [[Int]]
  private var slices: [Slice] = []
  /// The slice of each neuron, and for each connection, slice and source neuron their synapses;
  /// only for a chip that asks for axons.
  private let countsAxons: Bool
  private let countsThresholds: Bool
  private let countsBiases: Bool
  private var sliceOf: [[Int]]
  private var axons: [AxonKey: Int] = [:]
  /// The connection that is visited.
  private var current = 0
  /// The synapses of each connection.
  private(set) var synapses: [Int]
  /// For each population and neuron the synapses that lead to it, and those that lead from it.
  private var heard: [[Int]]
  private var sent: [[Int]]

  private struct AxonKey: Hashable {
    var connection: Int
    var slice: Int
    var source: Int
  }
  /// For each population and neuron the cores that hear it.
  private var listeners: [[Set<Int>]]
  /// For each value of an input that comes as spikes the cores that hear it.
  private var inputListeners: [Set<Int>]

  init(_ program: SpikingProgram, _ chip: Chip) {
    self.program = program
    countsAxons = chip.mentions(DemandList.axons.rawValue)
    countsThresholds = chip.mentions(DemandSet.thresholds.rawValue)
    countsBiases = chip.mentions(DemandSet.biases.rawValue)
    counts = Array(repeating: CoreCounts(), count: chip.cores)
    synapses = program.connections.map { _ in 0 }
    heard = program.populations.map { Array(repeating: 0, count: $0.shape.count) }
    sent = heard
    sliceOf = program.populations.map { Array(repeating: -1, count: $0.shape.count) }
    home = program.populations.map { Array(repeating: -1, count: $0.shape.count) }
    listeners = program.populations.map { Array(repeating: [], count: $0.shape.count) }
    inputListeners = Array(
      repeating: [], count: program.input.encoding.varies ? program.input.shape.count : 0)
  }

  /// At least the number of neurons, relayed cells and paths that a census of the program visits.
  static func work(of program: SpikingProgram) -> Int {
    func add(_ total: inout Int, _ more: Int?) {
      total = more.flatMap { total.adding($0) } ?? .max
    }
    var total = 0
    for population in program.populations { add(&total, population.shape.count) }
    for connection in program.connections {
      var passed = connection
      var paths: Int? = 1
      for (index, relay) in connection.relays.enumerated() {
        passed.relays = Array(connection.relays[...index])
        paths = relay.kernel.y.times(relay.kernel.x).flatMap { area in paths?.times(area) }
        let shape = try? passed.relayedShape(from: program.shape(of: connection.source))
        add(&total, shape.flatMap { shape in paths?.times(shape.count) })
      }
      let weights = connection.synapses.weights
      let inputs = weights.shape.count / max(1, weights.shape.dimensions.first ?? 1)
      let target = program.populations[connection.target].shape.count
      add(&total, target.times(inputs).flatMap { taps in paths?.times(taps) })
    }
    return total
  }

  /// Gives each neuron its core; findings where one has none or two.
  mutating func settle(_ slices: [Slice]) -> [Finding] {
    self.slices = slices
    for (number, slice) in slices.enumerated() {
      guard program.populations.indices.contains(slice.population),
        counts.indices.contains(slice.core),
        let planes = program.populations[slice.population].shape.planes,
        slice.channels.lowerBound >= 0, slice.channels.upperBound <= planes.channels,
        slice.rows.lowerBound >= 0, slice.rows.upperBound <= planes.height,
        slice.columns.lowerBound >= 0, slice.columns.upperBound <= planes.width
      else { return [Finding(.malformedPlacement, .error, "a slice leaves its population")] }
      counts[slice.core].slices += 1
      for channel in slice.channels {
        for row in slice.rows {
          for column in slice.columns {
            let neuron = (channel * planes.height + row) * planes.width + column
            guard home[slice.population][neuron] < 0 else {
              return [finding(slice.population, neuron, "lies on two cores")]
            }
            home[slice.population][neuron] = slice.core
            sliceOf[slice.population][neuron] = number
            counts[slice.core].neurons += 1
          }
        }
      }
    }
    for (index, cores) in home.enumerated() {
      if let neuron = cores.firstIndex(of: -1) {
        return [finding(index, neuron, "lies on no core")]
      }
    }
    return []
  }

  private func finding(_ population: Int, _ neuron: Int, _ what: String) -> Finding {
    Finding(
      .malformedPlacement, .error, "neuron \(neuron) \(what)",
      at: .layer(program.populations[population].name))
  }

  /// Visits every path from a source neuron to a neuron.
  mutating func visitSynapses() {
    for (number, connection) in program.connections.enumerated() {
      current = number
      let cells = sourceCells(connection)
      switch connection.synapses {
      case .dense(let weights):
        let all = Array(cells.joined())
        for target in 0..<weights.shape[0] { visit(all, connection, target) }
      case .convolution(let weights, let window, let groups):
        visitConvolution(connection, cells, weights, window, groups)
      }
    }
    for (population, heard) in listeners.enumerated() {
      for (neuron, cores) in heard.enumerated() {
        counts[home[population][neuron]].senders += max(1, cores.count)
      }
    }
    // Every neuron that a core hears is one of its axons, and every value of an input of spikes.
    for heard in listeners.joined() {
      for core in heard { counts[core].inAxons += 1 }
    }
    for heard in inputListeners { for core in heard { counts[core].inAxons += 1 } }
    var groups = [[Int: Int]](repeating: [:], count: counts.count)
    for (key, synapses) in axons { groups[slices[key.slice].core][synapses, default: 0] += 1 }
    for (core, group) in groups.enumerated() {
      counts[core].axons = group.sorted { $0.key < $1.key }.map {
        .init(synapses: $0.key, count: $0.value)
      }
    }
    for slice in slices { store(slice) }
  }

  /// What a slice keeps once: its kernels, its thresholds and its biases.
  private mutating func store(_ slice: Slice) {
    let population = program.populations[slice.population]
    for connection in program.incoming(slice.population) {
      let shape = connection.synapses.weights.shape
      let weights: Int
      switch connection.synapses {
      case .dense: weights = slice.neurons * shape[1]
      case .convolution:
        weights = slice.channels.count * shape[1] * shape[2] * shape[3]
        counts[slice.core].kernelWeightBits += weights * connection.weightBits
      }
      counts[slice.core].storedWeights += weights
      counts[slice.core].storedWeightBits += weights * connection.weightBits
    }
    let mine = sliceOf[slice.population].indices.filter {
      home[slice.population][$0] == slice.core
    }
    if countsThresholds {
      let all = population.thresholds.expanded(to: population.shape)
      counts[slice.core].thresholds = Set(counts[slice.core].thresholds + mine.map { all[$0] })
        .sorted()
    }
    if countsBiases {
      let all = population.biases.expanded(to: population.shape)
      counts[slice.core].biases = Set(counts[slice.core].biases + mine.map { all[$0] }).sorted()
    }
  }

  /// The populations with a slice on a core, ascending.
  func populations(on core: Int) -> [Int] {
    Set(slices.filter { $0.core == core }.map(\.population)).sorted()
  }

  private mutating func visitConvolution(
    _ connection: Connection, _ cells: [[Int]], _ weights: IntegerWeights, _ window: Window,
    _ groups: Int
  ) {
    let shape = relayedExtent(connection)
    let planes = program.populations[connection.target].shape.planes ?? (0, 0, 0)
    let outputs = weights.shape[0] / max(1, groups)
    for channel in 0..<planes.channels {
      let first = channel / outputs * weights.shape[1]
      for y in 0..<planes.height {
        for x in 0..<planes.width {
          var heard: [Int] = []
          for from in first..<first + weights.shape[1] {
            for ky in 0..<window.kernel.y {
              for kx in 0..<window.kernel.x {
                let row = y * window.stride.y + ky * window.dilation.y - window.padding.top
                let column = x * window.stride.x + kx * window.dilation.x - window.padding.left
                guard (0..<shape.y).contains(row), (0..<shape.x).contains(column)
                else { continue }
                heard += cells[(from * shape.y + row) * shape.x + column]
              }
            }
          }
          visit(heard, connection, (channel * planes.height + y) * planes.width + x)
        }
      }
    }
  }

  private mutating func visit(_ sources: [Int], _ connection: Connection, _ target: Int) {
    synapses[current] += sources.count
    heard[connection.target][target] += sources.count
    let core = home[connection.target][target]
    counts[core].synapses += sources.count
    counts[core].synapseBits += sources.count * connection.weightBits
    counts[core].weightBits = max(counts[core].weightBits, connection.weightBits)
    if countsAxons {
      let slice = sliceOf[connection.target][target]
      for source in sources {
        axons[AxonKey(connection: current, slice: slice, source: source), default: 0] += 1
      }
    }
    guard case .population(let population) = connection.source else {
      guard !inputListeners.isEmpty else { return }
      for source in sources { inputListeners[source].insert(core) }
      return
    }
    for source in sources {
      listeners[population][source].insert(core)
      sent[population][source] += 1
    }
  }

  /// The most synapses that lead to one neuron, or from one, and the most cores that hear one.
  func mostHeard(_ population: Int) -> Int { heard[population].max() ?? 0 }
  func mostSent(_ population: Int) -> Int { sent[population].max() ?? 0 }
  func mostListeners(_ population: Int) -> Int { listeners[population].map(\.count).max() ?? 0 }

  /// The rows and columns that arrive at the weights, behind every relay.
  func relayedExtent(_ connection: Connection) -> Extent {
    let planes = program.shape(of: connection.source).planes ?? (0, 0, 0)
    return connection.relays.reduce(Extent(y: planes.height, x: planes.width)) { extent, relay in
      relay.outputExtent(of: extent) ?? Extent(y: 0, x: 0)
    }
  }

  /// For each cell behind the relays the source neurons in it, once for each path.
  private func sourceCells(_ connection: Connection) -> [[Int]] {
    let planes = program.shape(of: connection.source).planes ?? (0, 0, 0)
    var extent = Extent(y: planes.height, x: planes.width)
    var cells = (0..<planes.channels * extent.y * extent.x).map { [$0] }
    for relay in connection.relays {
      let next = relay.outputExtent(of: extent) ?? Extent(y: 0, x: 0)
      var gathered = [[Int]](repeating: [], count: planes.channels * next.y * next.x)
      for index in gathered.indices {
        let (plane, x) = index.quotientAndRemainder(dividingBy: next.x)
        let (channel, y) = plane.quotientAndRemainder(dividingBy: next.y)
        for ky in 0..<relay.kernel.y {
          for kx in 0..<relay.kernel.x {
            let row = y * relay.stride.y + ky - relay.padding.top
            let column = x * relay.stride.x + kx - relay.padding.left
            guard (0..<extent.y).contains(row), (0..<extent.x).contains(column) else { continue }
            gathered[index] += cells[(channel * extent.y + row) * extent.x + column]
          }
        }
      }
      cells = gathered
      extent = next
    }
    return cells
  }

  /// The routes that the listeners need, in the order in which they are stored.
  func routes(_ rates: [Double]) -> [Route] {
    var routes: [Route] = []
    for (population, heard) in listeners.enumerated() {
      var groups: [[Int]: Int] = [:]
      for (neuron, cores) in heard.enumerated() where !cores.isEmpty {
        groups[[home[population][neuron]] + cores.sorted(), default: 0] += 1
      }
      for key in groups.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        let neurons = groups[key] ?? 0
        routes.append(
          Route(
            population: population, core: key[0], destinations: Array(key[1...]),
            neurons: neurons, weight: Double(neurons) * rates[population]))
      }
    }
    return routes
  }
}
