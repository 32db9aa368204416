internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// What the manifest says: a program without its large arrays, and where those lie.
struct Manifest {
  /// Its weights and parameters may be empty; the maps and runs say where their values are.
  var program: SpikingProgram
  /// One for each connection.
  var weights: [WeightMap]
  /// One for each population.
  var parameters: [ParameterRuns]
  var preprocess: String
  var origin: BundleOrigin
  var generator: String
  var isPlaced: Bool

  static func refusal(_ message: String) -> PackError {
    PackError(
      .malformedManifest, message, at: .section(SectionType.manifest.name),
      hint: "make the bundle again from its model")
  }
}

/// A run of values in the section of neuron parameters.
struct ParameterRun: Hashable {
  var offset: Int
  var count: Int
}

/// The parameters of one population; the last three of compensated neurons that have them.
struct ParameterRuns: Hashable {
  var thresholds: ParameterRun
  var biases: ParameterRun
  var initial: ParameterRun
  var table: ParameterRun?
  var gains: ParameterRun?
  var offsets: ParameterRun?
}

// MARK: - Taking a program apart and putting it together

extension Manifest {
  /// Splits a bundle into its manifest and the two sections of values.
  ///
  /// - Parameter maps: of weights that are in their one form already; then none are appended.
  init(
    taking bundle: Bundle, maps: [WeightMap]? = nil, weights section: inout [UInt8],
    neurons: inout [UInt8]
  ) {
    program = bundle.program
    weights =
      maps
      ?? bundle.program.connections.map { connection in
        WeightCoding.append(
          connection.synapses.weights.values, bits: connection.weightBits, to: &section)
      }
    var out = ByteWriter()
    var offset = 0
    func append(_ values: [Int32]) -> ParameterRun {
      for value in values { out.put(value) }
      defer { offset += values.count }
      return ParameterRun(offset: offset, count: values.count)
    }
    parameters = bundle.program.populations.map { population in
      let compensation = population.model.compensation
      return ParameterRuns(
        thresholds: append(population.thresholds.values),
        biases: append(population.biases.values), initial: append(population.initial.values),
        table: compensation?.function.table.map(append),
        gains: compensation?.function.normalization.map { append($0.gains.values) },
        offsets: compensation?.function.normalization.map { append($0.offsets.values) })
    }
    neurons = out.bytes
    preprocess = bundle.preprocess
    origin = bundle.origin
    generator = bundle.generator
    isPlaced = bundle.placement != nil
  }

  /// - Throws: `SYN0606` where the shapes ask for more neurons than a reader has to bear.
  static func checkNeurons(of program: SpikingProgram) throws(PackError) {
    let most = BundleLimits.neurons
    var total = min(program.input.shape.count, most + 1)
    for population in program.populations { total += min(population.shape.count, most + 1) }
    for connection in program.connections {
      guard connection.source.isInside(program) else { throw refusal("a source that is missing") }
      var paths = 1
      var passed = connection
      for (index, relay) in connection.relays.enumerated() {
        let area = relay.kernel.y.times(relay.kernel.x) ?? .max
        paths = paths.times(area) ?? .max
        guard paths <= BundleLimits.relayPaths else { throw refusal("relays of \(paths) paths") }
        passed.relays = Array(connection.relays[...index])
        let shape = try passed.relayedShape(from: program.shape(of: connection.source))
        total += min(shape.count, most + 1)
      }
    }
    guard total <= most else { throw refusal("more than \(most) neurons and relayed cells") }
  }

  /// The whole program, its values taken from the two sections and held to every invariant.
  ///
  /// - Parameter take: the weights of a map, of that shape and width.
  /// - Throws: `SYN0606`, `SYN0607`, or what ``SpikingProgram/verify()`` throws.
  func assembled(
    neurons: [UInt8], weights take: (WeightMap, Shape, Int) throws(PackError) -> IntegerWeights
  ) throws(PackError) -> SpikingProgram {
    try Manifest.checkNeurons(of: program)
    var whole = program
    var total = 0
    for (index, map) in weights.enumerated() {
      var connection = whole.connections[index]
      let shape = connection.synapses.weights.shape
      total += min(shape.count, BundleLimits.weights + 1)
      guard total <= BundleLimits.weights else {
        throw Manifest.refusal("more than \(BundleLimits.weights) weights")
      }
      let decoded = try take(map, shape, connection.weightBits)
      switch connection.synapses {
      case .dense: connection.synapses = .dense(decoded)
      case .convolution(_, let window, let groups):
        connection.synapses = .convolution(decoded, window: window, groups: groups)
      }
      whole.connections[index] = connection
    }
    for (index, runs) in parameters.enumerated() {
      whole.populations[index].thresholds = try values(runs.thresholds, neurons)
      whole.populations[index].biases = try values(runs.biases, neurons)
      whole.populations[index].initial = try values(runs.initial, neurons)
      if case .compensated(var compensation) = whole.populations[index].model {
        try fill(&compensation.function, runs, neurons)
        whole.populations[index].model = .compensated(compensation)
      }
    }
    try whole.verify()
    return whole
  }

  /// Takes the values of a function from their section.
  private func fill(
    _ function: inout CompensatedFunction, _ runs: ParameterRuns, _ section: [UInt8]
  ) throws(PackError) {
    func taken(_ run: ParameterRun?) throws(PackError) -> Parameter {
      guard let run else { throw Manifest.refusal("a function without its values") }
      return try values(run, section)
    }
    switch function {
    case .identity: break
    case .table(var table):
      table.values = try taken(runs.table).values
      function = .table(table)
    case .normalization(var norm):
      norm.gains = try taken(runs.gains)
      norm.offsets = try taken(runs.offsets)
      function = .normalization(norm)
    case .softmax(var softmax):
      softmax.values = try taken(runs.table).values
      function = .softmax(softmax)
    }
  }

  private func values(_ run: ParameterRun, _ section: [UInt8]) throws(PackError) -> Parameter {
    guard let start = run.offset.times(4), let size = run.count.times(4),
      let end = start.adding(size), start >= 0, size >= 0, end <= section.count
    else { throw Manifest.refusal("parameters that leave their section") }
    var reader = ByteReader(Array(section[start..<end]))
    var values: [Int32] = []
    values.reserveCapacity(run.count)
    for _ in 0..<run.count { values.append(try reader.i32()) }
    return Parameter(values)
  }
}

extension Source {
  /// Whether the program has it.
  fileprivate func isInside(_ program: SpikingProgram) -> Bool {
    switch self {
    case .input: true
    case .population(let index): program.populations.indices.contains(index)
    }
  }
}

extension NeuronModel {
  var compensation: Compensation? {
    switch self {
    case .compensated(let compensation): compensation
    case .integrateAndFire, .integrator: nil
    }
  }
}

extension CompensatedFunction {
  /// The values of a table, where the function reads one.
  var table: [Int32]? {
    switch self {
    case .table(let table): table.values
    case .softmax(let softmax): softmax.values
    case .identity, .normalization: nil
    }
  }

  var normalization: MeanNormalization? {
    switch self {
    case .normalization(let norm): norm
    case .identity, .table, .softmax: nil
    }
  }
}
