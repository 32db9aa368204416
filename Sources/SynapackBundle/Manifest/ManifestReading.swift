internal import CBundleSchema
internal import CProtobufC
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

extension Manifest {
  /// Reads the manifest's message.
  ///
  /// - Throws: `SYN0606` where it breaks the wire format, its schema or a limit, `SYN0207` for a
  ///   shape that overflows.
  init(reading bytes: [UInt8]) throws(PackError) {
    try ManifestScan.check(bytes)
    let arena = unsafe MessageArena()
    self = unsafe try arena.withAllocator { (allocator) throws(PackError) in
      let unpacked = unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe synapack__bundle__manifest__unpack(allocator, buffer.count, buffer.baseAddress)
      }
      guard let message = unsafe unpacked else {
        throw Manifest.refusal("it is no message of its schema, or takes too much memory")
      }
      return unsafe try Manifest(message.pointee)
    }
    // The arena must outlive the last use of a message.
    unsafe withExtendedLifetime(arena) {}
  }

  private init(_ message: Synapack__Bundle__Manifest) throws(PackError) {
    guard let program = unsafe message.program, let origin = unsafe message.origin else {
      throw Manifest.refusal("no program or no origin")
    }
    let placement = unsafe message.placement_section
    guard placement == 0 || placement == SectionType.placement.rawValue else {
      throw Manifest.refusal("section \(placement) as the placement")
    }
    let (skeleton, weights, parameters) = unsafe try ManifestRead.program(program.pointee)
    unsafe self.init(
      program: skeleton, weights: weights, parameters: parameters,
      preprocess: try ManifestRead.text(message.preprocess),
      origin: BundleOrigin(
        format: try ManifestRead.text(origin.pointee.format),
        digest: try ManifestRead.text(origin.pointee.digest),
        producer: try ManifestRead.text(origin.pointee.producer),
        version: try ManifestRead.text(origin.pointee.version)),
      generator: try ManifestRead.text(message.generator), isPlaced: placement != 0)
  }
}

/// From C messages to values; every count, enumerator and number is checked on the way.
enum ManifestRead {
  static func text(_ pointer: UnsafeMutablePointer<CChar>?) throws(PackError) -> String {
    guard let pointer = unsafe pointer else { return "" }
    guard let text = unsafe String(validatingCString: pointer),
      text.utf8.count <= BundleLimits.nameBytes
    else { throw Manifest.refusal("a text that is too long or no UTF-8") }
    return text
  }

  static func int(_ value: UInt64) throws(PackError) -> Int {
    guard let int = Int(exactly: value) else { throw Manifest.refusal("the number \(value)") }
    return int
  }

  static func shape(
    _ count: Int, _ values: UnsafeMutablePointer<UInt64>?
  ) throws(PackError) -> Shape {
    guard count <= 8 else { throw Manifest.refusal("a shape of rank \(count)") }
    var dimensions: [Int] = []
    for index in 0..<count {
      dimensions.append(unsafe try int(values.map { unsafe $0[index] } ?? 0))
    }
    return try Shape(dimensions)
  }

  /// The messages of a repeated field, at most `limit` of them.
  static func list<Message, Value>(
    _ count: Int, _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?,
    atMost limit: Int, _ read: (UnsafeMutablePointer<Message>) throws(PackError) -> Value
  ) throws(PackError) -> [Value] {
    guard count <= limit else { throw Manifest.refusal("\(count) elements; \(limit) are allowed") }
    var values: [Value] = []
    for index in 0..<count {
      guard let message = unsafe messages?[index] else {
        throw Manifest.refusal("an element that is missing")
      }
      values.append(unsafe try read(message))
    }
    return values
  }

  static func program(
    _ message: Synapack__Bundle__Program
  ) throws(PackError) -> (SpikingProgram, [WeightMap], [ParameterRuns]) {
    guard let port = unsafe message.input, let last = unsafe message.readout else {
      throw Manifest.refusal("no input or no readout")
    }
    let populations = unsafe try list(
      message.n_populations, message.populations, atMost: BundleLimits.populations
    ) { (one) throws(PackError) in unsafe try population(one.pointee) }
    let connections = unsafe try list(
      message.n_connections, message.connections, atMost: BundleLimits.connections
    ) { (one) throws(PackError) in unsafe try connection(one.pointee) }
    let program = unsafe SpikingProgram(
      timesteps: Int(message.timesteps), schedule: try schedule(message),
      input: try input(port.pointee), populations: populations.map(\.0),
      connections: connections.map(\.0), readout: try readout(last.pointee))
    return (program, connections.map(\.1), populations.map(\.1))
  }

  static func schedule(_ message: Synapack__Bundle__Program) throws(PackError) -> Schedule {
    let delay = unsafe Int(message.delay)
    let kind = unsafe message.schedule
    if kind == SYNAPACK__BUNDLE__SCHEDULE_KIND__STAGGERED { return .staggered(delay) }
    guard delay == 0 else { throw Manifest.refusal("a delay without a staggered schedule") }
    switch kind {
    case SYNAPACK__BUNDLE__SCHEDULE_KIND__WAVEFRONT: return .wavefront
    case SYNAPACK__BUNDLE__SCHEDULE_KIND__TICK: return .tick
    case SYNAPACK__BUNDLE__SCHEDULE_KIND__ACCUMULATE: return .accumulate
    default: throw Manifest.refusal("schedule \(kind.rawValue)")
    }
  }

  static func input(_ message: Synapack__Bundle__InputPort) throws(PackError) -> InputPort {
    unsafe InputPort(
      name: try text(message.name), shape: try shape(message.n_shape, message.shape),
      encoding: try encoding(message), ticks: message.ticks == 0 ? nil : Int(message.ticks))
  }

  static func encoding(
    _ message: Synapack__Bundle__InputPort
  ) throws(PackError) -> InputEncoding {
    var encodings: [InputEncoding] = []
    if let current = unsafe message.constant_current?.pointee {
      unsafe encodings.append(
        .constantCurrent(
          bits: Int(current.bits), signed: current.negative != 0, scale: current.scale))
    }
    if let poisson = unsafe message.poisson?.pointee {
      unsafe encodings.append(
        .poisson(signed: poisson.negative != 0, scale: poisson.scale, seed: poisson.seed))
    }
    if let events = unsafe message.events?.pointee {
      unsafe encodings.append(
        .events(bits: Int(events.bits), signed: events.negative != 0, scale: events.scale))
    }
    guard let encoding = encodings.first, encodings.count == 1 else {
      throw Manifest.refusal("an input with \(encodings.count) encodings")
    }
    return encoding
  }

  static func readout(_ message: Synapack__Bundle__Readout) throws(PackError) -> Readout {
    let decoding: OutputDecoding
    switch unsafe message.decoding {
    case SYNAPACK__BUNDLE__DECODING__MEMBRANE: decoding = .membrane
    case SYNAPACK__BUNDLE__DECODING__COUNT: decoding = .count
    default: throw Manifest.refusal("an unknown decoding")
    }
    guard unsafe message.unit.isFinite else { throw Manifest.refusal("a unit that is not finite") }
    return unsafe Readout(
      population: Int(message.population), decoding: decoding, unit: message.unit,
      discards: Int(message.discards), exit: try exitRule(message.exit?.pointee))
  }

  static func exitRule(_ message: Synapack__Bundle__ExitRule?) throws(PackError) -> ExitRule? {
    guard let message = unsafe message else { return nil }
    let measure: ExitMeasure
    switch unsafe message.measure {
    case SYNAPACK__BUNDLE__EXIT_MEASURE__MARGIN: measure = .margin
    case SYNAPACK__BUNDLE__EXIT_MEASURE__LEVEL: measure = .level
    default: throw Manifest.refusal("an unknown measure")
    }
    let count = unsafe message.n_limits
    guard count <= SpikingProgram.largestTimesteps else {
      throw Manifest.refusal("\(count) limits of an exit rule")
    }
    var limits: [Int64] = []
    for index in 0..<count { limits.append(unsafe message.limits?[index] ?? 0) }
    return ExitRule(measure: measure, limits: limits)
  }

  static func population(
    _ message: Synapack__Bundle__Population
  ) throws(PackError) -> (Population, ParameterRuns) {
    let (floor, ceiling) = unsafe (message.membrane_floor, message.membrane_ceiling)
    guard floor <= ceiling else { throw Manifest.refusal("membranes from \(floor) to \(ceiling)") }
    var runs = unsafe ParameterRuns(
      thresholds: try run(message.thresholds), biases: try run(message.biases),
      initial: try run(message.initial))
    let model = unsafe try model(message, &runs)
    let population = unsafe Population(
      name: try text(message.name), shape: try shape(message.n_shape, message.shape),
      model: model, thresholds: Parameter([]), biases: Parameter([]), initial: Parameter([]),
      membrane: floor...ceiling, biasBits: Int(message.bias_bits))
    return (population, runs)
  }

  static func model(
    _ message: Synapack__Bundle__Population, _ runs: inout ParameterRuns
  ) throws(PackError) -> NeuronModel {
    switch unsafe (message.firing, message.compensation) {
    case (nil, nil): return .integrator
    case (let firing?, nil): return .integrateAndFire(unsafe try behaviour(firing.pointee))
    case (nil, let compensation?):
      return .compensated(unsafe try self.compensation(compensation.pointee, &runs))
    case (_?, _?): throw Manifest.refusal("a population of two models")
    }
  }

  static func run(
    _ pointer: UnsafeMutablePointer<Synapack__Bundle__Parameter>?
  ) throws(PackError) -> ParameterRun {
    guard let message = unsafe pointer?.pointee else {
      throw Manifest.refusal("a population without a parameter")
    }
    return unsafe ParameterRun(offset: try int(message.offset), count: try int(message.count))
  }

  static func behaviour(_ message: Synapack__Bundle__Firing) throws(PackError) -> FiringBehaviour {
    let (lowest, highest) = unsafe (Int(message.lowest_payload), Int(message.highest_payload))
    guard lowest <= highest else { throw Manifest.refusal("payloads from \(lowest) to \(highest)") }
    let reset: Reset
    switch unsafe message.reset {
    case SYNAPACK__BUNDLE__RESET__SUBTRACT: reset = .subtract
    case SYNAPACK__BUNDLE__RESET__ZERO: reset = .zero
    default: throw Manifest.refusal("an unknown reset")
    }
    let shift = unsafe Int(message.leak_shift)
    return unsafe FiringBehaviour(
      payloads: lowest...highest, memory: message.memory != 0, reset: reset,
      leakShift: shift == 0 ? nil : shift)
  }

  static func connection(
    _ message: Synapack__Bundle__Connection
  ) throws(PackError) -> (Connection, WeightMap) {
    guard let map = unsafe message.weights?.pointee else {
      throw Manifest.refusal("a connection without weights")
    }
    let relays = unsafe try list(
      message.n_relays, message.relays, atMost: BundleLimits.relays
    ) { (relay) throws(PackError) in unsafe window(relay.pointee) }
    let weights = unsafe IntegerWeights(shape: try shape(map.n_shape, map.shape), values: [])
    var synapses = Synapses.dense(weights)
    if let convolution = unsafe message.convolution?.pointee {
      guard let kernel = unsafe convolution.window?.pointee else {
        throw Manifest.refusal("a convolution without a window")
      }
      synapses = unsafe .convolution(
        weights, window: window(kernel), groups: try int(convolution.groups))
    }
    let source = unsafe Int(message.source)
    let connection = unsafe Connection(
      source: source == 0 ? .input : .population(source - 1), target: Int(message.target),
      relays: relays, synapses: synapses, weightBits: Int(message.weight_bits))
    return (connection, unsafe try weightMap(map))
  }

  static func weightMap(_ message: Synapack__Bundle__WeightMap) throws(PackError) -> WeightMap {
    guard let encoding = unsafe WeightEncoding(rawValue: UInt32(message.encoding.rawValue)) else {
      throw Manifest.refusal("an unknown encoding of weights")
    }
    return unsafe WeightMap(
      encoding: encoding, offset: try int(message.offset), length: try int(message.length),
      nonzero: try int(message.nonzero))
  }

  static func window(_ message: Synapack__Bundle__Window) -> Window {
    unsafe Window(
      kernel: Extent(y: Int(message.kernel_y), x: Int(message.kernel_x)),
      stride: Extent(y: Int(message.stride_y), x: Int(message.stride_x)),
      dilation: Extent(y: Int(message.dilation_y), x: Int(message.dilation_x)),
      padding: Edges(
        top: Int(message.padding_top), left: Int(message.padding_left),
        bottom: Int(message.padding_bottom), right: Int(message.padding_right)),
      overhang: Extent(y: Int(message.overhang_y), x: Int(message.overhang_x)))
  }
}
