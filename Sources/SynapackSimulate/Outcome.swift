internal import CSpikeKernels
internal import SynapackProgram
internal import SynapackTensor

/// What running one sample, or several added up, gave and cost.
public struct Outcome: Sendable, Hashable {
  /// The readout's scores of the one sample, in the order of its shape.
  public var scores: [Int64] = []
  /// For each population, the payloads other than zero that it sent over all ticks.
  public var spikes: [Int]
  /// For each population, the sum of the magnitudes of its payloads.
  public var payload: [Int]
  /// Additions of a weight other than zero by events of payloads −1, 0 and 1.
  public var effectiveACs: Int = 0
  /// Multiplications by a weight other than zero of wider payloads, the input's among them.
  public var effectiveMACs: Int = 0

  init(populations: Int) {
    spikes = Array(repeating: 0, count: populations)
    payload = Array(repeating: 0, count: populations)
  }

  /// The decision: the lowest index with the largest score.
  public var decision: Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best
  }

  mutating func add(
    _ life: PopulationLife, _ train: EventTrain, _ population: CompiledPopulation,
    _ trains: [EventTrain], _ input: EventTrain, _ program: SpikingProgram
  ) {
    let index = trains.count
    spikes[index] = train.events.count
    payload[index] = train.events.reduce(0) { $0 + Int(abs($1.payload)) }
    for connection in population.connections {
      let events: [synapack_event]
      switch connection.source {
      case .input: events = input.events
      case .population(let source): events = trains[source].events
      }
      let channels = Int32(program.shape(of: connection.source).planes?.channels ?? 1)
      var operations = 0
      for event in events {
        operations += Int(connection.fanOut[Int(event.position * channels + event.channel)])
      }
      switch connection.source {
      case .input:
        // The constant current counts once a tick, as every tick of an execution would compute it.
        effectiveMACs += operations * program.timesteps
      case .population:
        let payloads = program.payloads(of: connection.source)
        if payloads.lowerBound >= -1, payloads.upperBound <= 1 {
          effectiveACs += operations
        } else {
          effectiveMACs += operations
        }
      }
    }
  }
}
