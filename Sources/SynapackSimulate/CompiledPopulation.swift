internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A population with its parameters expanded to one value a neuron, channels last.
struct CompiledPopulation: Sendable {
  let count: Int
  let channels: Int
  let plane: Extent
  let thresholds: [Int32]
  let biases: [Int32]
  let initial: [Int32]
  let membrane: ClosedRange<Int32>
  let model: NeuronModel
  var times: Clock.Times
  let connections: [CompiledConnection]
  /// The shapes of a product's operands, left and right.
  let operandShapes: [Shape]
  /// What its payloads are sent as.
  let coding: PayloadCoding
  /// Whether every sum of a tick, added to any membrane, fits 32 bits by the range proof.
  let isNarrow: Bool

  init(
    _ population: Population, times: Clock.Times, connections: [CompiledConnection],
    operandShapes: [Shape], bound: Int64, coding: PayloadCoding = .whole
  ) {
    let shape = population.shape
    count = shape.count
    let planes = shape.planes ?? (1, 1, 1)
    channels = planes.channels
    plane = Extent(y: planes.height, x: planes.width)
    thresholds = ChannelsLast.from(population.thresholds.expanded(to: shape), shape)
    biases = ChannelsLast.from(population.biases.expanded(to: shape), shape)
    initial = ChannelsLast.from(population.initial.expanded(to: shape), shape)
    membrane = population.membrane
    model = population.model
    self.times = times
    self.connections = connections
    self.operandShapes = operandShapes
    // A payload of 1 or −1 is one event in every coding.
    self.coding = population.sendsUnits ? .whole : coding
    let reach = max(-Int64(membrane.lowerBound), Int64(membrane.upperBound))
    isNarrow = bound + reach <= Int64(Int32.max)
  }

  /// A population with its connections.
  ///
  /// - Parameters:
  ///   - coding: what payloads are sent as, for their price.
  ///   - eventsOnly: as for ``CompiledConnection``.
  init(
    _ index: Int, of program: SpikingProgram, _ clock: Clock, bound: Int64,
    coding: PayloadCoding = .whole, eventsOnly: Bool = false
  ) {
    let population = program.populations[index]
    let connections = program.incoming(index).map {
      CompiledConnection(
        $0, from: program.shape(of: $0.source), payloads: program.payloads(of: $0.source),
        to: population.shape, eventsOnly: eventsOnly)
    }
    self.init(
      population, times: clock.populations[index], connections: connections,
      operandShapes: population.operands.map { program.populations[$0].shape }, bound: bound,
      coding: coding)
  }

  /// Whether lanes carry what the population hears and sends.
  var allowsLanes: Bool {
    isNarrow && compensation == nil
      && connections.allSatisfy { $0.lanes != nil || $0.source == .input }
      && (behaviour.map { $0.payloads.lowerBound >= -127 && $0.payloads.upperBound <= 127 } ?? true)
  }

  /// The populations that it hears.
  var heard: [Int] {
    let sources = connections.compactMap {
      if case .population(let index) = $0.source { index } else { nil }
    }
    return sources + (compensation?.operands ?? [])
  }

  var fires: Bool { model != .integrator }

  /// What a compensated population does; `nil` for any other.
  var compensation: Compensation? {
    switch model {
    case .compensated(let compensation): compensation
    case .integrateAndFire, .integrator: nil
    }
  }

  /// What a population of integrate-and-fire neurons does; `nil` for any other.
  var behaviour: FiringBehaviour? {
    switch model {
    case .integrateAndFire(let behaviour): behaviour
    case .integrator, .compensated: nil
    }
  }
}

extension Population {
  /// Whether no payload is other than −1, 0 and 1.
  var sendsUnits: Bool { payloads.lowerBound >= -1 && payloads.upperBound <= 1 }
}
