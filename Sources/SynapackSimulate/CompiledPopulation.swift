internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// A population with its parameters expanded to one value a neuron, channels last.
struct CompiledPopulation: Sendable {
  let count: Int
  let channels: Int
  let thresholds: [Int32]
  let biases: [Int32]
  let initial: [Int32]
  let membrane: ClosedRange<Int32>
  let model: NeuronModel
  let times: Clock.Times
  let connections: [CompiledConnection]
  /// Whether every sum of a tick, added to any membrane, fits 32 bits by the range proof.
  let isNarrow: Bool

  init(
    _ population: Population, times: Clock.Times, connections: [CompiledConnection],
    bound: Int64
  ) {
    let shape = population.shape
    count = shape.count
    channels = shape.planes?.channels ?? 1
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

  /// What a firing population does; `nil` for an integrator.
  var behaviour: FiringBehaviour? {
    switch model {
    case .integrateAndFire(let behaviour): behaviour
    case .integrator: nil
    }
  }
}
