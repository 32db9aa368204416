internal import CSpikeKernels
internal import SynapackProgram

/// What running one sample, or several added up, gave and cost.
public struct Outcome: Sendable, Hashable {
  /// The readout's scores of the one sample, in the order of its shape.
  public var scores: [Int64] = []
  /// The ticks of the readout's window that the one sample took.
  public var ticks = 0
  /// The class that the scores of tick T name; `nil` for a sample that no rule could have stopped.
  public var lastDecision: Int?
  /// Σ over the neurons that fire of the ticks in which they could, none behind the tick that stopped
  /// the sample.
  public var neuronTicks = 0
  /// For each population, the payloads other than zero that it sent over all ticks.
  public var spikes: [Int]
  /// For each population, the sum of the magnitudes of its payloads.
  public var payload: [Int]
  /// For each population, the events that its payloads were sent as.
  public var events: [Int]
  /// Additions of a weight other than zero, one for each event that is a unit or a power of two.
  public var effectiveACs: Int = 0
  /// Multiplications by a weight other than zero of events that carry wider payloads, the input's
  /// among them.
  public var effectiveMACs: Int = 0
  /// Of both, those of the input's events.
  public var inputOperations: Int = 0

  init(populations: Int) {
    spikes = Array(repeating: 0, count: populations)
    payload = spikes
    events = spikes
  }

  /// The class that the scores name.
  public var decision: Int { Readout.decision(scores) }

  /// Adds what a population sent and the operations that this costs wherever it arrives.
  mutating func add(
    _ index: Int, _ sent: PopulationScratch, fanOut: [Int64], isUnit: Bool, coding: PayloadCoding
  ) {
    let counts = coding == .whole ? sent.spikes : sent.eventCounts
    var operations: Int64 = 0
    var (sending, sum) = (0, 0)
    for neuron in counts.indices {
      sending += Int(sent.spikes[neuron])
      sum += Int(counts[neuron])
      operations &+= Int64(counts[neuron]) &* fanOut[neuron]
    }
    spikes[index] = sending
    events[index] = sum
    payload[index] = isUnit ? sending : Int(sent.magnitude)
    if isUnit || coding != .whole {
      effectiveACs += Int(operations)
    } else {
      effectiveMACs += Int(operations)
    }
  }

  /// Adds the operations of the input's events.
  ///
  /// - Parameter times: how often each tick of the train comes: a constant current has one, which
  ///   every tick of an execution would compute again.
  mutating func add(
    input: EventTrain, ticks: Int, times: Int, channels: Int, fanOut: [Int64], isUnit: Bool
  ) {
    var operations = 0
    for tick in 0..<ticks {
      for event in input.events[input.range(tick)] {
        operations += Int(fanOut[Int(event.position) * channels + Int(event.channel)]) * times
      }
    }
    inputOperations += operations
    if isUnit {
      effectiveACs += operations
    } else {
      effectiveMACs += operations
    }
  }
}
