public import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Draws small verified programs that together reach every corner of the spiking machine.
public struct RandomProgram {
  var random: SeededGenerator
  /// Whether some populations compute operators on running means.
  private let compensates: Bool

  public init(seed: UInt64, compensates: Bool = false) {
    random = SeededGenerator(seed: seed)
    self.compensates = compensates
  }

  public mutating func next() throws -> SpikingProgram {
    let plane = try Shape([pick(1, 2, 3), pick(1, 3, 5, 6), pick(2, 4, 5)])
    let timesteps = pick(1, 2, 3, 5, 8)
    let signed = Bool.random(using: &random)
    let input = InputPort(
      name: "x", shape: plane,
      encoding: pick(
        .constantCurrent(bits: pick(2, 4, 8), signed: signed, scale: 0.5),
        .constantCurrent(bits: pick(2, 4, 8), signed: signed, scale: 0.5),
        .poisson(signed: signed, scale: 2, seed: 7),
        .events(bits: pick(2, 4), signed: signed, scale: 1)),
      ticks: pick(nil, nil, timesteps > 1 ? Int.random(in: 1..<timesteps, using: &random) : nil))
    var populations: [Population] = []
    var connections: [Connection] = []
    for index in 0..<pick(1, 2, 3, 4) {
      try addPlane(index, input.shape, &populations, &connections)
      if compensates, pick(true, true, false) { compensate(&populations[index], timesteps) }
    }
    if compensates, pick(true, false) { populations.append(try product(populations, timesteps)) }
    try addReadout(input.shape, &populations, &connections)
    let schedule = pick(
      Schedule.wavefront, .tick, .staggered(0), .staggered(1), .staggered(3), .accumulate)
    let fires = populations[populations.count - 1].payloads != 0...0
    var readout = Readout(
      population: populations.count - 1, decoding: fires ? .count : .membrane, unit: 0.25,
      discards: pick(0, 0, Int.random(in: 0..<timesteps, using: &random)))
    if Bool.random(using: &random) {
      readout.exit = ExitRule(
        measure: pick(.margin, .level),
        limits: (0..<timesteps).map { _ in pick(2, 20, 200, ExitRule.never) })
    }
    let program = SpikingProgram(
      timesteps: timesteps, schedule: schedule, input: input, populations: populations,
      connections: connections, readout: readout)
    try program.verify()
    return program
  }

  /// Encoded payloads for the input of `program`.
  public mutating func sample(for program: SpikingProgram) -> [Int32] {
    let payloads = program.input.encoding.payloads
    return (0..<program.inputPayloads).map { _ in
      Int32(Int.random(in: payloads, using: &random))
    }
  }

  private mutating func addPlane(
    _ index: Int, _ input: Shape, _ populations: inout [Population],
    _ connections: inout [Connection]
  ) throws {
    let source: Source =
      index == 0 || Int.random(in: 0..<4, using: &random) == 0
      ? .input : .population(Int.random(in: 0..<index, using: &random))
    let from = shape(source, input, populations)
    var shape = try Shape([pick(4, 6)])
    if let planes = from.planes, from.rank > 1 {
      var relays: [Window] = []
      var extent = Extent(y: planes.height, x: planes.width)
      while Bool.random(using: &random), relays.count < 2 {
        let relay = randomWindow(dilates: false)
        guard let next = relay.outputExtent(of: extent) else { continue }
        relays.append(relay)
        extent = next
      }
      var window = randomWindow(dilates: true)
      window.overhang = Extent(y: 0, x: 0)
      guard let output = window.outputExtent(of: extent) else {
        return try addPlane(index, input, &populations, &connections)
      }
      let groups = Bool.random(using: &random) ? planes.channels : 1
      let outputs = groups * pick(1, 2)
      shape = try Shape([outputs, output.y, output.x])
      let bits = pick(2, 4, 5, 8, 16)
      connections.append(
        Connection(
          source: source, target: index, relays: relays,
          synapses: .convolution(
            try weights(
              [outputs, planes.channels / groups, window.kernel.y, window.kernel.x], bits: bits),
            window: window, groups: groups),
          weightBits: bits))
    } else {
      connections.append(try dense(source, from, shape, index))
    }
    populations.append(population("layer\(index)", shape, fires: true))
    // A residual join from any earlier population of the same shape.
    for other in 0..<index where populations[other].shape == shape && source != .population(other) {
      let channels = shape.planes?.channels ?? 1
      guard shape.rank == 3 else { continue }
      connections.append(
        Connection(
          source: .population(other), target: index,
          synapses: .convolution(
            try weights([channels, 1, 1, 1], bits: 8),
            window: Window(kernel: Extent(y: 1, x: 1)), groups: channels),
          weightBits: 8))
    }
    sortConnections(&connections)
  }

  private mutating func addReadout(
    _ input: Shape, _ populations: inout [Population], _ connections: inout [Connection]
  ) throws {
    let index = populations.count
    let shape = try Shape([3])
    for source in [Source.population(index - 1), .input].prefix(pick(1, 2)) {
      connections.append(try dense(source, self.shape(source, input, populations), shape, index))
    }
    populations.append(population("readout", shape, fires: pick(true, false, false)))
    sortConnections(&connections)
  }

  private func sortConnections(_ connections: inout [Connection]) {
    func order(_ source: Source) -> Int {
      if case .population(let index) = source { index } else { -1 }
    }
    connections.sort { ($0.target, order($0.source)) < ($1.target, order($1.source)) }
  }

  private mutating func dense(
    _ source: Source, _ from: Shape, _ to: Shape, _ target: Int
  ) throws -> Connection {
    let bits = pick(3, 8, 16)
    return Connection(
      source: source, target: target,
      synapses: .dense(try weights([to.count, from.count], bits: bits)), weightBits: bits)
  }

  private func shape(_ source: Source, _ input: Shape, _ populations: [Population]) -> Shape {
    switch source {
    case .input: input
    case .population(let index): populations[index].shape
    }
  }

  private mutating func population(_ name: String, _ shape: Shape, fires: Bool) -> Population {
    let ladder = pick(0...1, 0...1, -1...1, 0...3, 0...15, -7...7)
    let behaviour = FiringBehaviour(
      payloads: ladder, memory: ladder.lowerBound < 0 && Bool.random(using: &random),
      reset: pick(.subtract, .subtract, .zero), leakShift: pick(nil, nil, 3))
    // 30 bits leave the sums 32 bits wide; 32 bits need the wide path.
    let bits = pick(9, 12, 24, 30, 32)
    let membrane = Population.membraneRange(bits: bits)
    // Thresholds at the register's very end now and then: s·θ alone must not leave 32 bits.
    let limit = min(Int(membrane.upperBound), pick(300, 300, 300, Int(Int32.max)))
    return Population(
      name: name, shape: shape,
      model: fires ? .integrateAndFire(behaviour) : .integrator,
      thresholds: parameter(shape, 1...limit), biases: parameter(shape, -40...40),
      initial: parameter(shape, -limit...limit), membrane: membrane, biasBits: 16)
  }

  mutating func parameter(_ shape: Shape, _ range: ClosedRange<Int>) -> Parameter {
    let count = pick(1, shape.planes?.channels ?? 1, shape.count)
    return Parameter((0..<count).map { _ in Int32(Int.random(in: range, using: &random)) })
  }

  private mutating func randomWindow(dilates: Bool) -> Window {
    Window(
      kernel: Extent(y: pick(1, 2, 3), x: pick(1, 2, 3)),
      stride: Extent(y: pick(1, 1, 2), x: pick(1, 1, 2)),
      dilation: dilates ? Extent(y: pick(1, 1, 2), x: pick(1, 1, 2)) : Extent(y: 1, x: 1),
      padding: Edges(top: pick(0, 1), left: pick(0, 1, 2), bottom: pick(0, 1), right: pick(0, 1)),
      overhang: Extent(y: dilates ? 0 : pick(0, 1), x: 0))
  }

  private mutating func weights(_ shape: [Int], bits: Int) throws -> IntegerWeights {
    let limit = (1 << (bits - 1)) - 1
    let shape = try Shape(shape)
    let density = pick(0.1, 0.5, 1.0)
    return IntegerWeights(
      shape: shape,
      values: (0..<shape.count).map { _ in
        Double(random.unitFloat()) < density
          ? Int16(Int.random(in: -limit...limit, using: &random)) : 0
      })
  }

  mutating func pick<Value>(_ values: Value...) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }
}
