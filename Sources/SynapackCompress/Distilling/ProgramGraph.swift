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
    input = try builder.nodes.input()
    builder.sources[.input] = input
    for index in program.populations.indices {
      try within(.layer(program.populations[index].name)) { () throws(PackError) in
        try builder.add(index)
      }
    }
    let read = builder.populations[program.readout.population]
    let score = read.rate ?? read.drive
    scale = program.readout.unit * Float(program.timesteps)
    builder.nodes.draft.outputs = [
      try builder.nodes.draft.addNode("outputs", .scale(Scale(factor: scale)), [score])
    ]
    graph = try Graph(verifying: builder.nodes.draft)
    populations = builder.populations
    unread = builder.unread
  }
}

/// Adds population after population.
private struct Builder {
  var nodes: ProgramNodes
  var sources: [Source: WireID] = [:]
  var populations: [ProgramGraph.Wires] = []
  var unread = Set<WireID>()

  init(_ program: SpikingProgram) { nodes = ProgramNodes(program) }

  mutating func add(_ index: Int) throws(PackError) {
    let population = nodes.program.populations[index]
    var terms: [WireID] = []
    for (place, connection) in nodes.program.connections.enumerated()
    where connection.target == index {
      guard let source = sources[connection.source] else {
        throw nodes.refusal("it hears a population that never fires")
      }
      let (driven, term) = try nodes.product(place, of: source, "\(place)")
      unread.insert(driven)
      terms.append(term)
    }
    guard !terms.isEmpty else { throw nodes.refusal("nothing drives it") }
    terms.append(
      try nodes.spread(
        population.biases, ProgramNodes.Name.biases(index), over: population.shape))
    unread.formUnion(terms)
    let drive = try nodes.draft.addNode("drive.\(index)", .add(Add()), terms)
    var wires = ProgramGraph.Wires(drive: drive)
    if let spike = try spike(population, index) {
      let rate = try nodes.draft.addNode("rate.\(index)", .spike(spike), [drive])
      wires.rate = rate
      sources[.population(index)] = rate
    }
    populations.append(wires)
  }

  private mutating func spike(
    _ population: Population, _ index: Int
  ) throws(PackError) -> Spike? {
    guard let behaviour = try nodes.firing(population) else { return nil }
    let (thresholds, initial, payload) = (
      ProgramNodes.Name.thresholds(index), ProgramNodes.Name.initial(index),
      ProgramNodes.Name.payload(index)
    )
    try nodes.store(population.thresholds, thresholds, population.shape)
    try nodes.store(population.initial, initial, population.shape)
    try nodes.store(Parameter([1]), payload, population.shape)
    return Spike(
      threshold: thresholds, amplitude: payload, initial: initial,
      lower: behaviour.payloads.lowerBound, upper: behaviour.payloads.upperBound,
      memory: behaviour.memory, timesteps: nodes.program.timesteps)
  }
}
