internal import SynapackSupport
public import SynapackTensor

/// What a chip runs: integers only, with its clock stated exactly.
///
/// Each tick a neuron that is awake does
///
///     v ← v − (v ≫ leak)                     where a leak is set
///     v ← clamp(v + Σ w·s_in + b)            to the membrane's floor and ceiling
///     s = clip(⌊v / θ⌋, lower, upper)         only while its window is open, else s = 0
///     v ← v − s·θ                            reset by subtraction; or v ← 0 where s ≠ 0
///
/// v: membrane potential; w: weight; s_in: payload that arrives in this tick; b: bias, while it
/// acts; θ: threshold; s: payload sent. Σ + b is exact and the clamp is done once a tick, so no
/// order of arrival changes a result. A ``Compensation`` states what its neurons do in place of the
/// last three lines. ``Clock`` says when each population is awake and open.
///
/// A value of this type may still be wrong; ``verify()`` holds it to every invariant, and only
/// verified programs are simulated, placed or stored.
public struct SpikingProgram: Sendable, Hashable {
  /// T: the ticks of every population's window.
  public var timesteps: Int
  public var schedule: Schedule
  public var input: InputPort
  /// In topological order: a connection leads from an earlier population to a later one.
  public var populations: [Population]
  /// Ordered by target, then source.
  public var connections: [Connection]
  public var readout: Readout

  public init(
    timesteps: Int, schedule: Schedule, input: InputPort, populations: [Population],
    connections: [Connection], readout: Readout
  ) {
    self.timesteps = timesteps
    self.schedule = schedule
    self.input = input
    self.populations = populations
    self.connections = connections
    self.readout = readout
  }

  /// The connections that end in the population of that index.
  public func incoming(_ population: Int) -> [Connection] {
    connections.filter { $0.target == population }
  }

  /// What the population of that index hears: the sources of its connections and its operands.
  public func sources(of population: Int) -> [Source] {
    var sources = connections.filter { $0.target == population }.map(\.source)
    guard populations.indices.contains(population) else { return sources }
    sources += populations[population].operands.map(Source.population)
    return sources
  }

  /// Whether a population computes an operator that integrate-and-fire neurons do not.
  public var hasCompensation: Bool {
    populations.contains { if case .compensated = $0.model { true } else { false } }
  }

  /// The shape of a source of payloads.
  public func shape(of source: Source) -> Shape {
    switch source {
    case .input: input.shape
    case .population(let index): populations[index].shape
    }
  }

  /// The payloads that a source can send.
  public func payloads(of source: Source) -> ClosedRange<Int> {
    switch source {
    case .input: input.encoding.payloads
    case .population(let index): populations[index].payloads
    }
  }
}

/// Where payloads come from.
public enum Source: Sendable, Hashable {
  case input
  case population(Int)
}
