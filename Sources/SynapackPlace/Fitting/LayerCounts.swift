internal import SynapackProgram
internal import SynapackTensor

/// The counts of one layer that demands speak of; ``DemandVariable`` says what each means.
struct LayerCounts: Sendable, Hashable {
  private var numbers: [DemandVariable: Int] = [:]
  private var thresholds = 0
  private var biases = 0
  private var connections: [LayerCounts] = []

  /// - Parameter facts: what has to be counted weight by weight.
  init(_ program: SpikingProgram, _ index: Int, _ facts: ProgramFacts) {
    let population = program.populations[index]
    let planes = population.shape.planes ?? (0, 0, 0)
    connections = program.incoming(index).map { LayerCounts($0, of: program, planes) }
    let largest: [DemandVariable] = [
      .kx, .ky, .sx, .sy, .px, .py, .dx, .dy, .groups, .ix, .iy, .poolX, .poolY, .weightBits,
      .hearsInput,
    ]
    for variable in largest { numbers[variable] = connections.map { $0[variable] }.max() ?? 0 }
    for variable in [
      DemandVariable.c, .arriving, .synapses, .synapseBits, .storedWeights,
      .storedWeightBits,
    ] {
      numbers[variable] = connections.reduce(0) { Bounded.sum($0, $1[variable]) }
    }
    numbers[.isDense] = connections.map { $0[.isDense] }.min() ?? 0
    numbers[.f] = planes.channels
    numbers[.ox] = planes.width
    numbers[.oy] = planes.height
    numbers[.neurons] = population.shape.count
    numbers[.hasBias] = population.biases.values.contains { $0 != 0 } ? 1 : 0
    numbers[.sources] = connections.count
    numbers[.destinations] =
      Set(
        program.connections.filter { $0.source == .population(index) }.map(\.target)
      ).count
    numbers[.payload] = max(0, population.payloads.upperBound)
    numbers[.timesteps] = program.timesteps
    numbers[.fanIn] = facts.fanIn(index)
    numbers[.fanOut] = facts.fanOut(index)
    // An edit may have narrowed the weights since they were counted.
    let possible = (1 << min(max(0, self[.weightBits]), 16)) - 1
    numbers[.weightValues] = min(facts.weightValues[population.name] ?? 0, possible)
    thresholds = Set(population.thresholds.values).count
    biases = Set(population.biases.values).count
  }

  /// One connection on its own.
  private init(
    _ connection: Connection, of program: SpikingProgram,
    _ target: (channels: Int, height: Int, width: Int)
  ) {
    let source = program.shape(of: connection.source)
    let arriving = (try? connection.relayedShape(from: source)) ?? source
    let planes = arriving.planes ?? (0, 0, 0)
    numbers = [
      .c: planes.channels, .f: target.channels, .ix: planes.width, .iy: planes.height,
      .ox: target.width, .oy: target.height, .arriving: arriving.count,
      .weightBits: connection.weightBits, .hearsInput: connection.source == .input ? 1 : 0,
      .poolX: connection.relays.reduce(1) { Bounded.product($0, $1.kernel.x) },
      .poolY: connection.relays.reduce(1) { Bounded.product($0, $1.kernel.y) },
    ]
    let dimensions = connection.synapses.weights.shape.dimensions
    let stored = dimensions.reduce(1, Bounded.product)
    numbers[.storedWeights] = stored
    numbers[.storedWeightBits] = Bounded.product(stored, connection.weightBits)
    let reach = ConnectionReach(connection, of: program)
    let paths = Bounded.product(
      reach.rows.paths.reduce(0, Bounded.sum), reach.columns.paths.reduce(0, Bounded.sum))
    let synapses = Bounded.product(reach.channels(0..<max(1, target.channels)).paths, paths)
    numbers[.synapses] = synapses
    numbers[.synapseBits] = Bounded.product(synapses, connection.weightBits)
    switch connection.synapses {
    case .dense:
      set(Window(kernel: Extent(y: planes.height, x: planes.width)), groups: 1, isDense: 1)
    case .convolution(_, let window, let groups): set(window, groups: groups, isDense: 0)
    }
  }

  private mutating func set(_ window: Window, groups: Int, isDense: Int) {
    numbers[.kx] = window.kernel.x
    numbers[.ky] = window.kernel.y
    numbers[.sx] = window.stride.x
    numbers[.sy] = window.stride.y
    numbers[.dx] = window.dilation.x
    numbers[.dy] = window.dilation.y
    numbers[.px] = max(window.padding.left, window.padding.right, 0)
    numbers[.py] = max(window.padding.top, window.padding.bottom, 0)
    numbers[.groups] = groups
    numbers[.isDense] = isDense
  }

  subscript(variable: DemandVariable) -> Int { numbers[variable] ?? 0 }

  /// The synapses that come from other layers, not from the input port.
  var innerSynapses: Int {
    connections.reduce(0) { $1[.hearsInput] == 0 ? Bounded.sum($0, $1[.synapses]) : $0 }
  }
}

extension LayerCounts: DemandValues {
  func value(_ variable: DemandVariable) -> Double { Double(self[variable]) }

  func distinct(_ set: DemandSet) -> Double {
    switch set {
    case .thresholds: Double(thresholds)
    case .biases: Double(biases)
    }
  }

  func members(_ list: DemandList) -> [(values: any DemandValues, count: Double)] {
    list == .connections ? connections.map { ($0, 1) } : []
  }
}

extension Chip.LayerKind {
  /// A layer is dense where all that leads to it are matrices.
  init(of program: SpikingProgram, _ index: Int) {
    let isDense = program.connections.allSatisfy { connection in
      guard connection.target == index, case .convolution = connection.synapses else { return true }
      return false
    }
    self = isDense ? .dense : .convolution
  }
}
