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
  /// Whether every sum of a tick, added to any membrane, fits 32 bits by the range proof.
  let isNarrow: Bool

  init(
    _ population: Population, times: Clock.Times, connections: [CompiledConnection],
    bound: Int64
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
    let reach = max(-Int64(membrane.lowerBound), Int64(membrane.upperBound))
    isNarrow = bound + reach <= Int64(Int32.max)
  }

  /// Whether lanes carry what the population hears and sends.
  var allowsLanes: Bool {
    isNarrow && connections.allSatisfy { $0.lanes != nil || $0.source == .input }
      && (behaviour.map { $0.payloads.lowerBound >= -127 && $0.payloads.upperBound <= 127 } ?? true)
  }

  /// What a firing population does; `nil` for an integrator.
  var behaviour: FiringBehaviour? {
    switch model {
    case .integrateAndFire(let behaviour): behaviour
    case .integrator: nil
    }
  }
}
