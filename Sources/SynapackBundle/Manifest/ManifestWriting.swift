internal import CBundleSchema
internal import CProtobufC
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

extension Manifest {
  /// The message in the one form that libprotobuf-c gives it: fields ascending, defaults left out.
  ///
  /// - Throws: `SYN0606` for a number, a text or a count that the format has no room for.
  func bytes() throws(PackError) -> [UInt8] {
    let arena = unsafe MessageArena()
    let write = unsafe ManifestWrite(arena: arena)
    let message = unsafe try arena.message(synapack__bundle__manifest__init)
    unsafe message.pointee.program = try write.program(self)
    unsafe message.pointee.preprocess = try arena.text(preprocess)
    let from = unsafe try arena.message(synapack__bundle__origin__init)
    unsafe from.pointee.format = try arena.text(origin.format)
    unsafe from.pointee.digest = try arena.text(origin.digest)
    unsafe from.pointee.producer = try arena.text(origin.producer)
    unsafe from.pointee.version = try arena.text(origin.version)
    unsafe message.pointee.origin = from
    unsafe message.pointee.generator = try arena.text(generator)
    unsafe message.pointee.placement_section = isPlaced ? SectionType.placement.rawValue : 0
    let size = unsafe synapack__bundle__manifest__get_packed_size(message)
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = unsafe synapack__bundle__manifest__pack(message, buffer.baseAddress)
    }
    // The arena must outlive the last use of a message.
    unsafe withExtendedLifetime(arena) {}
    return packed
  }
}

/// From values to C messages in an arena.
@unsafe
struct ManifestWrite {
  let arena: MessageArena

  /// A number in the width that its field has.
  func fit<Wide: BinaryInteger, Narrow: FixedWidthInteger>(
    _ value: Wide
  ) throws(PackError) -> Narrow {
    guard let narrow = Narrow(exactly: value) else {
      throw Manifest.refusal("the number \(value) does not fit its field")
    }
    return narrow
  }

  func shape(_ shape: Shape) throws(PackError) -> (Int, UnsafeMutablePointer<UInt64>?) {
    var dimensions: [UInt64] = []
    for dimension in shape.dimensions { dimensions.append(unsafe try fit(dimension)) }
    return unsafe (dimensions.count, try arena.array(dimensions))
  }

  func program(
    _ manifest: Manifest
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Program> {
    let program = manifest.program
    guard program.populations.count <= BundleLimits.populations,
      program.connections.count <= BundleLimits.connections
    else { throw Manifest.refusal("more populations or connections than the format has room for") }
    let message = unsafe try arena.message(synapack__bundle__program__init)
    unsafe message.pointee.timesteps = try fit(program.timesteps)
    unsafe try put(program.schedule, into: message)
    unsafe message.pointee.input = try input(program.input)
    var populations: [UnsafeMutablePointer<Synapack__Bundle__Population>] = unsafe []
    for (population, runs) in zip(program.populations, manifest.parameters) {
      unsafe populations.append(try self.population(population, runs))
    }
    unsafe message.pointee.n_populations = populations.count
    unsafe message.pointee.populations = try arena.pointers(populations)
    var connections: [UnsafeMutablePointer<Synapack__Bundle__Connection>] = unsafe []
    for (connection, map) in zip(program.connections, manifest.weights) {
      unsafe connections.append(try self.connection(connection, map))
    }
    unsafe message.pointee.n_connections = connections.count
    unsafe message.pointee.connections = try arena.pointers(connections)
    unsafe message.pointee.readout = try readout(program.readout)
    return unsafe message
  }

  func readout(
    _ readout: Readout
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Readout> {
    let message = unsafe try arena.message(synapack__bundle__readout__init)
    unsafe message.pointee.population = try fit(readout.population)
    switch readout.decoding {
    case .membrane: unsafe message.pointee.decoding = SYNAPACK__BUNDLE__DECODING__MEMBRANE
    case .count: unsafe message.pointee.decoding = SYNAPACK__BUNDLE__DECODING__COUNT
    }
    guard readout.unit.isFinite else { throw Manifest.refusal("a unit that is not finite") }
    unsafe message.pointee.unit = readout.unit
    unsafe message.pointee.discards = try fit(readout.discards)
    if let exit = readout.exit {
      let rule = unsafe try arena.message(synapack__bundle__exit_rule__init)
      switch exit.measure {
      case .margin: unsafe rule.pointee.measure = SYNAPACK__BUNDLE__EXIT_MEASURE__MARGIN
      case .level: unsafe rule.pointee.measure = SYNAPACK__BUNDLE__EXIT_MEASURE__LEVEL
      }
      unsafe rule.pointee.n_limits = exit.limits.count
      unsafe rule.pointee.limits = try arena.array(exit.limits)
      unsafe message.pointee.exit = rule
    }
    return unsafe message
  }

  func put(
    _ schedule: Schedule, into message: UnsafeMutablePointer<Synapack__Bundle__Program>
  ) throws(PackError) {
    switch schedule {
    case .wavefront: unsafe message.pointee.schedule = SYNAPACK__BUNDLE__SCHEDULE_KIND__WAVEFRONT
    case .tick: unsafe message.pointee.schedule = SYNAPACK__BUNDLE__SCHEDULE_KIND__TICK
    case .accumulate:
      unsafe message.pointee.schedule = SYNAPACK__BUNDLE__SCHEDULE_KIND__ACCUMULATE
    case .staggered(let delay):
      unsafe message.pointee.schedule = SYNAPACK__BUNDLE__SCHEDULE_KIND__STAGGERED
      unsafe message.pointee.delay = try fit(delay)
    }
  }

  func input(
    _ port: InputPort
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__InputPort> {
    let message = unsafe try arena.message(synapack__bundle__input_port__init)
    unsafe message.pointee.name = try arena.text(port.name)
    unsafe (message.pointee.n_shape, message.pointee.shape) = try shape(port.shape)
    unsafe message.pointee.ticks = try fit(port.ticks ?? 0)
    switch port.encoding {
    case .constantCurrent(let bits, let isSigned, let scale):
      let current = unsafe try arena.message(synapack__bundle__constant_current__init)
      unsafe current.pointee.bits = try fit(bits)
      unsafe current.pointee.negative = isSigned ? 1 : 0
      unsafe current.pointee.scale = scale
      unsafe message.pointee.constant_current = current
    case .poisson(let isSigned, let scale, let seed):
      let poisson = unsafe try arena.message(synapack__bundle__poisson__init)
      unsafe poisson.pointee.negative = isSigned ? 1 : 0
      unsafe poisson.pointee.scale = scale
      unsafe poisson.pointee.seed = seed
      unsafe message.pointee.poisson = poisson
    case .events(let bits, let isSigned, let scale):
      let events = unsafe try arena.message(synapack__bundle__events__init)
      unsafe events.pointee.bits = try fit(bits)
      unsafe events.pointee.negative = isSigned ? 1 : 0
      unsafe events.pointee.scale = scale
      unsafe message.pointee.events = events
    }
    return unsafe message
  }

  func population(
    _ population: Population, _ runs: ParameterRuns
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Population> {
    let message = unsafe try arena.message(synapack__bundle__population__init)
    try LayerName.check(population.name)
    unsafe message.pointee.name = try arena.text(population.name)
    unsafe (message.pointee.n_shape, message.pointee.shape) = try shape(population.shape)
    switch population.model {
    case .integrator: break
    case .integrateAndFire(let behaviour):
      unsafe message.pointee.firing = try firing(behaviour)
    case .compensated(let compensation):
      unsafe message.pointee.compensation = try self.compensation(compensation, runs)
    }
    unsafe message.pointee.thresholds = try run(runs.thresholds)
    unsafe message.pointee.biases = try run(runs.biases)
    unsafe message.pointee.initial = try run(runs.initial)
    unsafe message.pointee.membrane_floor = population.membrane.lowerBound
    unsafe message.pointee.membrane_ceiling = population.membrane.upperBound
    unsafe message.pointee.bias_bits = try fit(population.biasBits)
    return unsafe message
  }

  func firing(
    _ behaviour: FiringBehaviour
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Firing> {
    let message = unsafe try arena.message(synapack__bundle__firing__init)
    unsafe message.pointee.lowest_payload = try fit(behaviour.payloads.lowerBound)
    unsafe message.pointee.highest_payload = try fit(behaviour.payloads.upperBound)
    unsafe message.pointee.memory = behaviour.memory ? 1 : 0
    switch behaviour.reset {
    case .subtract: unsafe message.pointee.reset = SYNAPACK__BUNDLE__RESET__SUBTRACT
    case .zero: unsafe message.pointee.reset = SYNAPACK__BUNDLE__RESET__ZERO
    }
    unsafe message.pointee.leak_shift = try fit(behaviour.leakShift ?? 0)
    return unsafe message
  }

  func run(
    _ run: ParameterRun
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Parameter> {
    let message = unsafe try arena.message(synapack__bundle__parameter__init)
    unsafe message.pointee.offset = try fit(run.offset)
    unsafe message.pointee.count = try fit(run.count)
    return unsafe message
  }

  func connection(
    _ connection: Connection, _ map: WeightMap
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Connection> {
    guard connection.relays.count <= BundleLimits.relays else {
      throw Manifest.refusal("\(connection.relays.count) relays")
    }
    let message = unsafe try arena.message(synapack__bundle__connection__init)
    if case .population(let index) = connection.source {
      unsafe message.pointee.source = try fit(index + 1)
    }
    unsafe message.pointee.target = try fit(connection.target)
    var relays: [UnsafeMutablePointer<Synapack__Bundle__Window>] = unsafe []
    for relay in connection.relays { unsafe relays.append(try window(relay)) }
    unsafe message.pointee.n_relays = relays.count
    unsafe message.pointee.relays = try arena.pointers(relays)
    if case .convolution(_, let kernel, let groups) = connection.synapses {
      let convolution = unsafe try arena.message(synapack__bundle__convolution__init)
      unsafe convolution.pointee.window = try window(kernel)
      unsafe convolution.pointee.groups = try fit(groups)
      unsafe message.pointee.convolution = convolution
    }
    unsafe message.pointee.weight_bits = try fit(connection.weightBits)
    let weights = unsafe try arena.message(synapack__bundle__weight_map__init)
    unsafe (weights.pointee.n_shape, weights.pointee.shape) = try shape(
      connection.synapses.weights.shape)
    unsafe weights.pointee.encoding = Synapack__Bundle__WeightEncoding(map.encoding.rawValue)
    unsafe weights.pointee.offset = try fit(map.offset)
    unsafe weights.pointee.length = try fit(map.length)
    unsafe weights.pointee.nonzero = try fit(map.nonzero)
    unsafe message.pointee.weights = weights
    return unsafe message
  }

  func window(
    _ window: Window
  ) throws(PackError) -> UnsafeMutablePointer<Synapack__Bundle__Window> {
    let message = unsafe try arena.message(synapack__bundle__window__init)
    unsafe message.pointee.kernel_y = try fit(window.kernel.y)
    unsafe message.pointee.kernel_x = try fit(window.kernel.x)
    unsafe message.pointee.stride_y = try fit(window.stride.y)
    unsafe message.pointee.stride_x = try fit(window.stride.x)
    unsafe message.pointee.dilation_y = try fit(window.dilation.y)
    unsafe message.pointee.dilation_x = try fit(window.dilation.x)
    unsafe message.pointee.padding_top = try fit(window.padding.top)
    unsafe message.pointee.padding_left = try fit(window.padding.left)
    unsafe message.pointee.padding_bottom = try fit(window.padding.bottom)
    unsafe message.pointee.padding_right = try fit(window.padding.right)
    unsafe message.pointee.overhang_y = try fit(window.overhang.y)
    unsafe message.pointee.overhang_x = try fit(window.overhang.x)
    return unsafe message
  }
}
