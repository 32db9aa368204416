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
}

extension Recording {
  /// Reads an archive of numpy or a recording of NIR for a program.
  ///
  /// The names of an archive's arrays are those of layers letter by letter, as `numpy.savez` takes
  /// them, and nothing else: a name that no layer has is a slip, and would leave its layer out
  /// unseen. A recording of NIR may hold every node of its graph, so the others are listed; see
  /// ``RecordedName`` for how its nodes name layers.
  ///
  /// - Throws: `SYN0003` for a file of another format, `SYN0235` for an array that is none of the
  ///   program's, `SYN0012` for arrays that do not fit it, `SYN0013` for what are no whole numbers,
  ///   and what the readers throw.
  init(path: String, for program: SpikingProgram) throws(PackError) {
    let file = try MappedFile(path: path)
    try within(.file(path)) { () throws(PackError) in
      if NIRRecordingReader.recognises(file) {
        try read(try NIRRecordingReader.read(file), program)
      } else if ZipArchive.recognises(file) {
        try read(try NumPyArchive(file, naming: .labels), program)
      } else {
        throw PackError(
          .unknownFormat,
          file.count == 0
            ? "the recording is empty" : "the recording begins as neither .npz nor HDF5",
          hint: "write it with numpy.savez or nir.write_data")
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

  /// Takes an array of the layer of that name, else of the inputs.
  mutating func take(
    _ name: String, _ tensor: Tensor, _ program: SpikingProgram
  ) throws(PackError) {
    try within(.tensor(name)) { () throws(PackError) in
      let population = program.populations.first { $0.name == name }
      guard tensor.shape.rank >= 2, tensor.shape[0] > 0 else {
        let sizes = ([1] + tensor.shape.dimensions).map(String.init).joined(separator: ", ")
        throw Recording.wrong(
          tensor.shape.count == 0
            ? "its shape \(tensor.shape) holds no sample"
            : "its shape \(tensor.shape) has no axis of samples; one sample is [\(sizes)]")
      }
      let samples = tensor.shape[0]
      let size = tensor.shape.count / samples
      let values = try Recording.integers(tensor)
      let rows = (0..<samples).map { Array(values[$0 * size..<($0 + 1) * size]) }
      if let population {
        layers[name] = try Recording.layer(rows, tensor.shape, population, program)
      } else {
        guard inputs == nil else { throw Recording.wrong("the inputs are there twice") }
        inputs = try Recording.inputs(rows, tensor.shape, program)
      }
    }
  }

  /// Whole numbers, also where they are stored as floats.
  static func integers(_ tensor: Tensor) throws(PackError) -> [Int64] {
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
    _ rows: [[Int64]], _ shape: Shape, _ population: Population, _ program: SpikingProgram
  ) throws(PackError) -> Layer {
    let form = RecordedShape(population.shape)
    // With one tick a train and its counts are the same.
    if form.isOnce(shape) { return .counts(rows) }
    guard form.isTicks(program.timesteps, shape) else {
      throw wrong(
        "its shape is \(shape), and \(form.count) neurons and \(program.timesteps) ticks are "
          + form.wanted(shape[0], program.timesteps))
    }
    return .trains(rows)
  }

  private static func inputs(
    _ rows: [[Int64]], _ shape: Shape, _ program: SpikingProgram
  ) throws(PackError) -> [[Int32]] {
    let count = program.input.shape.count
    let form = RecordedShape(program.input.shape)
    let varies = program.inputPayloads != count
    var rows = rows
    if !varies, !form.isOnce(shape), form.isTicks(program.timesteps, shape) {
      // A current that was recorded tick by tick.
      for row in rows where (count..<row.count).contains(where: { row[$0] != row[$0 - count] }) {
        throw wrong("the input changes over the ticks, and the bundle takes a constant current")
      }
      rows = rows.map { Array($0[..<count]) }
    } else if varies ? !form.isTicks(program.inputTicks, shape) : !form.isOnce(shape) {
      throw wrong(
        "its shape is \(shape), and the payloads of the input are "
          + form.wanted(shape[0], varies ? program.inputTicks : program.timesteps, once: !varies))
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
}
