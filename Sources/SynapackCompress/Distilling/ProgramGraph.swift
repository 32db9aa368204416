internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A spiking program as a graph of rates, in the program's own integers.
///
///     r_q = N_q / T                        the rate of a source: its payloads a tick
///     z_p = Σ_q W·r_q + b                  what drives a neuron a tick
///     r_p = clip(⌊(z_p·T + v₀)/θ⌋) / T     as ``Spike``
///     y   = unit · T · r, or of an integrator unit · T · z      the outputs of the source network
///
/// W, b, θ, v₀ are weights of the graph, whose gradients are those of the program's numbers. The
/// values of the wires are the program's own where an observer gives them: rates say nothing of
/// when a payload comes.
struct ProgramGraph: Sendable {
  let graph: Graph<StudentPhase>
  /// The mean payload of the input a tick.
  let input: WireID
  let populations: [Wires]
  /// unit · T: what a mean score a tick stands for in the outputs of the source network.
  let scale: Float
  /// Wires that nothing reads once drives and rates are given.
  let unread: Set<WireID>

  struct Wires: Sendable {
    /// z
    var drive: WireID
    /// r; `nil` of an integrator.
    var rate: WireID?
  }

  /// - Throws: `SYN0805` for a population whose rate has no gradient here.
  init(_ program: SpikingProgram) throws(PackError) {
    var builder = Builder(program)
    let samples = builder.draft.addWire(program.input.name, program.input.shape)
    builder.draft.inputs = [samples]
    input = try builder.draft.addNode(
      "payloads", .scale(Scale(factor: 1 / program.input.encoding.scale)), [samples])
    builder.sources[.input] = input
    for index in program.populations.indices {
      try within(.layer(program.populations[index].name)) { () throws(PackError) in
        try builder.add(index)
      }
    }
    let read = builder.populations[program.readout.population]
    let score = read.rate ?? read.drive
    scale = program.readout.unit * Float(program.timesteps)
    builder.draft.outputs = [
      try builder.draft.addNode("outputs", .scale(Scale(factor: scale)), [score])
    ]
    graph = try Graph(verifying: builder.draft)
    populations = builder.populations
    unread = builder.unread
  }

  /// The numbers that a parameter has in the graph: one a channel or one a neuron.
  static func count(of parameter: Parameter, in shape: Shape) -> Int {
    parameter.values.count == shape.count ? shape.count : shape.planes?.channels ?? 1
  }

  /// The names of the program's numbers among the weights of the graph.
  enum Name {
    static func weights(_ connection: Int) -> String { "weights.\(connection)" }
    static func biases(_ population: Int) -> String { "biases.\(population)" }
    static func thresholds(_ population: Int) -> String { "thresholds.\(population)" }
    static func initial(_ population: Int) -> String { "initial.\(population)" }
    static func payload(_ population: Int) -> String { "payload.\(population)" }
  }
}

/// Adds population after population.
private struct Builder {
  let program: SpikingProgram
  var draft = GraphDraft(
    origin: Origin(format: "program", digest: nil, producer: "", version: ""))
  var sources: [Source: WireID] = [:]
  var populations: [ProgramGraph.Wires] = []
  var unread = Set<WireID>()

  init(_ program: SpikingProgram) { self.program = program }

  mutating func add(_ index: Int) throws(PackError) {
    let population = program.populations[index]
    var terms: [WireID] = []
    for (place, connection) in program.connections.enumerated()
    where connection.target == index {
      terms.append(try add(connection, place))
    }
    guard !terms.isEmpty else { throw refusal("nothing drives it") }
    terms.append(try bias(of: population, index))
    unread.formUnion(terms)
    let drive = try draft.addNode("drive.\(index)", .add(Add()), terms)
    var wires = ProgramGraph.Wires(drive: drive)
    if let spike = try spike(population, index) {
      let rate = try draft.addNode("rate.\(index)", .spike(spike), [drive])
      wires.rate = rate
      sources[.population(index)] = rate
    }
    populations.append(wires)
  }

  /// W·r in the shape of the target.
  private mutating func add(_ connection: Connection, _ place: Int) throws(PackError) -> WireID {
    guard let source = sources[connection.source] else {
      throw refusal("it hears a population that never fires")
    }
    let shape = program.shape(of: connection.source)
    let planes = shape.planes ?? (shape.count, 1, 1)
    var wire = try reshaped(
      source, to: Shape([planes.channels, planes.height, planes.width]), "planes.\(place)")
    for (step, relay) in connection.relays.enumerated() {
      wire = try draft.addNode(
        "relay.\(place).\(step)", .windowSum(WindowSum(window: relay)), [wire])
    }
    let (name, weights) = (ProgramGraph.Name.weights(place), connection.synapses.weights)
    draft.weights[name] = try Tensor(
      shape: weights.shape, floats: weights.values.map { Float($0) })
    let driven: WireID
    switch connection.synapses {
    case .dense(let weights):
      let flat = try reshaped(wire, to: Shape([weights.shape[1]]), "flat.\(place)")
      driven = try draft.addNode(
        "product.\(place)", .linear(Linear(weight: name, bias: nil)), [flat])
    case .convolution(_, let window, let groups):
      let op = Convolution(weight: name, bias: nil, window: window, groups: groups)
      driven = try draft.addNode("product.\(place)", .convolution(op), [wire])
    }
    unread.insert(driven)
    return try reshaped(
      driven, to: program.populations[connection.target].shape, "term.\(place)")
  }

  private mutating func reshaped(
    _ wire: WireID, to shape: Shape, _ name: String
  ) throws(PackError) -> WireID {
    guard draft.wires[wire.index].shape != shape else { return wire }
    return try draft.addNode(name, .reshape(Reshape(shape: shape)), [wire])
  }

  /// b, of every neuron or spread from the channels.
  private mutating func bias(
    of population: Population, _ index: Int
  ) throws(PackError) -> WireID {
    let name = ProgramGraph.Name.biases(index)
    guard population.biases.values.count < population.shape.count else {
      draft.weights[name] = try Tensor(
        shape: population.shape, floats: population.biases.values.map { Float($0) })
      return try draft.addNode(name, .constant(Constant(weight: name)), [])
    }
    let zeros = "zeros.\(index)"
    draft.weights[zeros] = try Tensor(
      shape: population.shape, floats: Array(repeating: 0, count: population.shape.count))
    try store(population.biases, name, population.shape)
    let constant = try draft.addNode(zeros, .constant(Constant(weight: zeros)), [])
    return try draft.addNode(
      name, .channelAffine(ChannelAffine(scale: nil, shift: name)), [constant])
  }

  private mutating func spike(
    _ population: Population, _ index: Int
  ) throws(PackError) -> Spike? {
    switch population.model {
    case .integrator: return nil
    case .compensated: throw refusal("it computes an operator on running means")
    case .integrateAndFire(let behaviour):
      guard behaviour.reset == .subtract, behaviour.leakShift == nil else {
        throw refusal("it leaks, or resets to zero")
      }
      let shape = population.shape
      try store(population.thresholds, ProgramGraph.Name.thresholds(index), shape)
      try store(population.initial, ProgramGraph.Name.initial(index), shape)
      try store(Parameter([1]), ProgramGraph.Name.payload(index), shape)
      return Spike(
        threshold: ProgramGraph.Name.thresholds(index),
        amplitude: ProgramGraph.Name.payload(index), initial: ProgramGraph.Name.initial(index),
        lower: behaviour.payloads.lowerBound, upper: behaviour.payloads.upperBound,
        memory: behaviour.memory,
        timesteps: program.timesteps)
    }
  }

  private func refusal(_ message: String) -> PackError {
    PackError(
      .cannotDistil, "the rate of this population has no gradient here: \(message)",
      hint: "convert with integrate-and-fire neurons that reset by subtraction")
  }

  /// A parameter as a weight of one number a channel or a neuron.
  private mutating func store(
    _ parameter: Parameter, _ name: String, _ shape: Shape
  ) throws(PackError) {
    let values = ProgramGraph.count(of: parameter, in: shape)
    let all = (0..<values).map { parameter.values[$0 * parameter.values.count / values] }
    draft.weights[name] = try Tensor(shape: Shape([values]), floats: all.map { Float($0) })
  }
}
