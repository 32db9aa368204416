internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A spiking program as a graph of its single ticks, in the program's own integers.
///
///     u_p[t] = v_p[t−1] + Σ_q W·s_q[t − travel] + b      while the bias acts
///     s_p[t] = clip(⌊u_p[t]/θ⌋, lower, upper)            while the window is open, else 0
///     v_p[t] = u_p[t] − θ·s_p[t],    v_p[−1] = v₀
///     y      = unit · v[end] of an integrator, unit · Σ_t s[t] of neurons that fire
///
/// ``Clock`` says which ticks there are. Every number is whole and, below 2²⁴, exact in float32, so
/// the graph computes what the program does but for membranes held at an end of their range. The
/// gradient goes back through membranes and resets alike; that of a payload is 1/θ where u is nearer
/// than half a threshold to a step of ⌊u/θ⌋ between the least and the largest payload, as in
/// ``SpikeGradient``.
///
/// Sources: Wu et al., "Spatio-temporal backpropagation for training high-performance spiking
/// neural networks", Frontiers in Neuroscience 2018, eq. 8 to 15 and 20.
struct TickGraph: Sendable {
  let graph: Graph<StudentPhase>

  /// - Throws: `SYN0805` for neurons whose ticks have no gradient here, and for an input that
  ///   differs from tick to tick.
  init(_ program: SpikingProgram) throws(PackError) {
    var builder = Builder(program)
    guard !program.input.encoding.varies else {
      throw PackError(
        .cannotDistil, "the input differs from tick to tick", at: .option("--distil-through"),
        hint: "use `--distil-through rates`")
    }
    let input = try builder.nodes.input()
    for index in program.populations.indices {
      try within(.layer(program.populations[index].name)) { () throws(PackError) in
        try builder.add(index, input)
      }
    }
    builder.nodes.draft.outputs = [try builder.output(program.readout)]
    graph = try Graph(verifying: builder.nodes.draft)
  }
}

/// Adds population after population, tick after tick.
private struct Builder {
  var nodes: ProgramNodes
  private let clock: Clock
  /// What each population sends in the ticks of its window.
  private var sent: [[WireID]] = []
  /// Each population's membrane after its last tick.
  private var membranes: [WireID] = []
  /// W·x of connections from the input, which is the same in every tick.
  private var injected: [Int: WireID] = [:]

  init(_ program: SpikingProgram) {
    nodes = ProgramNodes(program)
    clock = Clock(program)
  }

  mutating func add(_ index: Int, _ input: WireID) throws(PackError) {
    let (program, times) = (nodes.program, clock.populations[index])
    let population = program.populations[index]
    let behaviour = try nodes.firing(population)
    guard behaviour?.memory != true else {
      throw PackError(
        .cannotDistil, "a payload depends on all payloads before it",
        at: .option("--distil-through"), hint: "use `--distil-through rates`")
    }
    let biases = try nodes.spread(
      population.biases, ProgramNodes.Name.biases(index), over: population.shape)
    var membrane = try nodes.spread(
      population.initial, ProgramNodes.Name.initial(index), over: population.shape)
    let firing = try behaviour.map { (behaviour) throws(PackError) in
      try Firing(population, behaviour, index, &nodes)
    }
    var payloads: [WireID] = []
    for tick in times.begins..<times.ends {
      var terms = [membrane] + (try arrivals(at: index, in: tick, input))
      if (times.biasFrom..<times.biasFrom + program.timesteps).contains(tick) {
        terms.append(biases)
      }
      if terms.count > 1 {
        membrane = try nodes.draft.addNode("reached.\(index).\(tick)", .add(Add()), terms)
      }
      guard tick >= times.opens, let payload = try firing?.fire(&membrane, tick, &nodes) else {
        continue
      }
      payloads.append(payload)
    }
    sent.append(payloads)
    membranes.append(membrane)
  }

  /// What comes through the connections of a population in one tick.
  private mutating func arrivals(
    at index: Int, in tick: Int, _ input: WireID
  ) throws(PackError) -> [WireID] {
    var terms: [WireID] = []
    for (place, connection) in nodes.program.connections.enumerated()
    where connection.target == index {
      switch connection.source {
      case .input:
        guard tick < nodes.program.inputTicks else { continue }
        if injected[place] == nil {
          injected[place] = try nodes.product(place, of: input, "\(place)").term
        }
        terms += [injected[place]].compactMap { $0 }
      case .population(let source):
        let first = nodes.program.schedule.travel + clock.populations[source].opens
        guard sent[source].indices.contains(tick - first) else { continue }
        terms.append(
          try nodes.product(place, of: sent[source][tick - first], "\(place).\(tick)").term)
      }
    }
    return terms
  }

  /// The scores as outputs of the source network.
  mutating func output(_ readout: Readout) throws(PackError) -> WireID {
    let payloads = sent[readout.population]
    var score = payloads.first ?? membranes[readout.population]
    if payloads.count > 1 { score = try nodes.draft.addNode("count", .add(Add()), payloads) }
    return try nodes.draft.addNode("outputs", .scale(Scale(factor: readout.unit)), [score])
  }
}

/// The step of one population in which its neurons send and reset.
private struct Firing {
  private let spike: Spike
  private let index: Int
  /// θ of every neuron; `nil` where it is one a channel.
  private let thresholds: WireID?

  init(
    _ population: Population, _ behaviour: FiringBehaviour, _ index: Int,
    _ nodes: inout ProgramNodes
  ) throws(PackError) {
    self.index = index
    let (threshold, payload, nothing) = (
      ProgramNodes.Name.thresholds(index), ProgramNodes.Name.payload(index),
      ProgramNodes.Name.nothing(index)
    )
    try nodes.store(population.thresholds, threshold, population.shape)
    try nodes.store(Parameter([1]), payload, population.shape)
    try nodes.store(Parameter([0]), nothing, population.shape)
    spike = Spike(
      threshold: threshold, amplitude: payload, initial: nothing,
      lower: behaviour.payloads.lowerBound, upper: behaviour.payloads.upperBound, timesteps: 1)
    let isEach = population.thresholds.values.count == population.shape.count
    thresholds =
      isEach
      ? try nodes.spread(population.thresholds, threshold, over: population.shape) : nil
  }

  /// The payloads of a tick; `membrane` is what is left of what they were sent from.
  func fire(
    _ membrane: inout WireID, _ tick: Int, _ nodes: inout ProgramNodes
  ) throws(PackError) -> WireID {
    let place = "\(index).\(tick)"
    let payload = try nodes.draft.addNode("sent.\(place)", .spike(spike), [membrane])
    let taken =
      if let thresholds {
        try nodes.draft.addNode(
          "taken.\(place)", .binary(Binary(.multiply)), [payload, thresholds])
      } else {
        try nodes.draft.addNode(
          "taken.\(place)",
          .channelAffine(ChannelAffine(scale: spike.threshold, shift: nil)), [payload])
      }
    membrane = try nodes.draft.addNode(
      "left.\(place)", .binary(Binary(.subtract)), [membrane, taken])
    return payload
  }
}
