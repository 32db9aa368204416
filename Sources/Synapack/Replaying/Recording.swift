internal import SynapackHDF5
internal import SynapackImport
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Spikes of some layers that were recorded elsewhere.
struct Recording {
  /// What is known of one layer, one entry a sample.
  enum Layer {
    /// The sums of payloads over the window, [neurons].
    case counts([[Int64]])
    /// The payloads of each tick of the window, [ticks × neurons].
    case trains([[Int64]])

    var samples: Int {
      switch self {
      case .counts(let samples), .trains(let samples): samples.count
      }
    }
  }

  /// By the name of the layer.
  var layers: [String: Layer] = [:]
  /// Encoded input payloads, one entry a sample, where the recording has them.
  var inputs: [[Int32]]?
  /// Nodes of a recording of NIR that are no layers of the program, ascending.
  var strangers: [String] = []

  /// The array that holds input payloads.
  static let input = "input"

  /// Reads an archive of numpy or a recording of NIR for a program.
  ///
  /// The names of an archive's arrays are those of layers letter by letter, as `numpy.savez` takes
  /// them, and nothing else: a name that no layer has is a slip, and would leave its layer out
  /// unseen. A recording of NIR may hold every node of its graph, so the others are listed.
  ///
  /// - Throws: `SYN0235` for an array that is none of the program's, `SYN0012` for arrays that do
  ///   not fit it, `SYN0013` for what are no whole numbers, and what the readers throw.
  init(path: String, for program: SpikingProgram) throws(PackError) {
    let file = try MappedFile(path: path)
    try within(.file(path)) { () throws(PackError) in
      if NumPyArchive.recognises(file) {
        try read(try NumPyArchive(file, naming: .labels), program)
      } else {
        try read(try NIRRecordingReader.read(file), program)
      }
      guard !layers.isEmpty else {
        throw Recording.wrong(
          "none of its arrays has the name of a layer; the bundle's are "
            + Recording.names(of: program))
      }
    }
  }

  static func wrong(_ message: String) -> PackError {
    PackError(
      .wrongDataShape, message,
      hint: "give an array for each layer, [samples, neurons] or [samples, ticks, neurons]")
  }

  private static func names(of program: SpikingProgram) -> String {
    let names = program.populations.prefix(16).map { "`\($0.name)`" }.joined(separator: ", ")
    return names + (program.populations.count > 16 ? " and more" : "")
  }

  private static func isInput(_ name: String, of program: SpikingProgram) -> Bool {
    name == input || name == program.input.name
  }

  // MARK: - Archives of numpy

  private mutating func read(
    _ archive: NumPyArchive, _ program: SpikingProgram
  ) throws(PackError) {
    for name in archive.names {
      let isLayer = program.populations.contains { $0.name == name }
      guard isLayer || Recording.isInput(name, of: program) else {
        throw Recording.unknown(name, program)
      }
      try take(name, try archive.array(name), program)
    }
  }

  private static func unknown(_ name: String, _ program: SpikingProgram) -> PackError {
    let nearest = nearestName(to: name, among: program.populations.map(\.name) + [input])
    return PackError(
      .unknownArray,
      "no layer of the bundle is called `\(name)`; the nearest is `\(nearest ?? input)`, and its "
        + "layers are \(names(of: program))", at: .tensor(name),
      hint: "name each array as its layer, such as numpy.savez(FILE, **{\"/2/Relu\": spikes})")
  }

  private mutating func take(
    _ name: String, _ tensor: Tensor, _ program: SpikingProgram
  ) throws(PackError) {
    try within(.tensor(name)) { () throws(PackError) in
      let population = program.populations.first { $0.name == name }
      guard population != nil || Recording.isInput(name, of: program) else {
        return strangers.append(name)
      }
      guard tensor.shape.rank >= 2, tensor.shape[0] > 0 else {
        throw Recording.wrong("its shape \(tensor.shape) has no samples")
      }
      let samples = tensor.shape[0]
      let size = tensor.shape.count / samples
      let values = try Recording.integers(tensor)
      let rows = (0..<samples).map { Array(values[$0 * size..<($0 + 1) * size]) }
      if let population {
        layers[name] = try Recording.layer(rows, size, population, program)
      } else {
        inputs = try Recording.inputs(rows, size, program)
      }
    }
  }

  /// Whole numbers, also where they are stored as floats.
  private static func integers(_ tensor: Tensor) throws(PackError) -> [Int64] {
    guard tensor.type.isFloatingPoint else { return try tensor.integers() }
    var integers: [Int64] = []
    integers.reserveCapacity(tensor.shape.count)
    for value in tensor.floats() {
      guard let whole = Int64(exactly: value) else {
        throw PackError(
          .wrongDataType, "\(value) is no whole number of spikes",
          hint: "store counts or payloads as integers")
      }
      integers.append(whole)
    }
    return integers
  }

  private static func layer(
    _ rows: [[Int64]], _ size: Int, _ population: Population, _ program: SpikingProgram
  ) throws(PackError) -> Layer {
    let neurons = population.shape.count
    // With one tick a train and its counts are the same.
    if size == neurons { return .counts(rows) }
    guard size == neurons * program.timesteps else {
      throw wrong(
        "a sample has \(size) values for \(neurons) neurons and \(program.timesteps) ticks")
    }
    return .trains(rows)
  }

  private static func inputs(
    _ rows: [[Int64]], _ size: Int, _ program: SpikingProgram
  ) throws(PackError) -> [[Int32]] {
    let count = program.input.shape.count
    var rows = rows
    if size != program.inputPayloads, size == count * program.timesteps {
      // A current that was recorded tick by tick.
      for row in rows where (count..<size).contains(where: { row[$0] != row[$0 - count] }) {
        throw wrong("the input changes over the ticks, and the bundle takes a constant current")
      }
      rows = rows.map { Array($0[..<count]) }
    } else if size != program.inputPayloads {
      throw wrong("a sample has \(size) values for \(program.inputPayloads) payloads of the input")
    }
    let range = program.input.encoding.payloads
    var inputs: [[Int32]] = []
    for row in rows {
      guard row.allSatisfy({ range.contains(Int(truncatingIfNeeded: $0)) }) else {
        throw wrong("an input payload lies outside \(range.lowerBound)...\(range.upperBound)")
      }
      inputs.append(row.map { Int32(truncatingIfNeeded: $0) })
    }
    return inputs
  }

  // MARK: - Recordings of NIR

  private mutating func read(
    _ nodes: [String: NIRObservable], _ program: SpikingProgram
  ) throws(PackError) {
    for name in nodes.keys.sorted() {
      switch nodes[name] {
      case nil: break
      case .gridded(let tensor): try take(name, tensor, program)
      case .events(let neurons, let times, let values, let count, let end):
        guard let population = program.populations.first(where: { $0.name == name }) else {
          strangers.append(name)
          continue
        }
        layers[name] = try within(.node(name)) { () throws(PackError) in
          guard count == population.shape.count else {
            throw Recording.wrong("\(count) neurons for \(population.shape.count)")
          }
          return try Recording.events(
            neurons, times, values, population.shape.count, program.timesteps, end)
        }
      }
    }
  }

  /// Events as payloads of the T ticks between 0 and `end`.
  private static func events(
    _ neurons: Tensor, _ times: Tensor, _ values: Tensor?, _ count: Int, _ ticks: Int,
    _ end: Double
  ) throws(PackError) -> Layer {
    guard neurons.shape == times.shape, values.map({ $0.shape == neurons.shape }) ?? true,
      neurons.shape.rank == 2, end > 0, let size = count.times(ticks), size <= 1 << 28
    else { throw wrong("events without one time and neuron each") }
    let (places, moments) = (try neurons.integers(), times.floats())
    let payloads = try values.map { (tensor) throws(PackError) in try integers(tensor) }
    let each = neurons.shape[1]
    var rows: [[Int64]] = []
    for sample in 0..<neurons.shape[0] {
      var row = Array(repeating: Int64(0), count: size)
      for event in sample * each..<(sample + 1) * each where places[event] != -1 {
        // A bit forward, as t = k·dt is rounded when it is computed.
        let moment = Double(moments[event]) / end * Double(ticks) + 1e-6
        guard let tick = Int(exactly: moment.rounded(.down)), (0..<ticks).contains(tick),
          (0..<Int64(count)).contains(places[event])
        else {
          throw wrong("an event of neuron \(places[event]) at \(moments[event]) of \(end)")
        }
        row[tick * count + Int(places[event])] += payloads?[event] ?? 1
      }
      rows.append(row)
    }
    return .trains(rows)
  }
}
