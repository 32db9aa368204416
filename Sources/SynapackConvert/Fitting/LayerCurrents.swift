internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Σ w·s of every neuron of a population in each tick of its window, in units of the membrane.
///
/// What arrives before the window opens is heard in its first tick, as the membrane only sums.
struct LayerCurrents: Sendable {
  private let times: Clock.Times
  private let clock: Clock
  private let travel: Int
  private let timesteps: Int
  /// Connections from the input, whose payloads are the same in every tick.
  private let steady: ConnectionNetwork?
  private let ticked: ConnectionNetwork?
  let neurons: Int

  /// The key under which the input's own trains stand among those of the populations.
  static let input = -1

  /// - Parameter connections: with integer weights.
  init(
    _ connections: [FloatConnection], neurons: Int, target: Int, _ program: SpikingProgram
  ) throws(PackError) {
    clock = Clock(program)
    times = clock.populations[target]
    travel = program.schedule.travel
    timesteps = program.timesteps
    self.neurons = neurons
    let varies = program.input.encoding.varies
    let direct = connections.filter { $0.source == .input && !varies }
    let others = connections.filter { $0.source != .input || varies }
    let shape = { (source: Source) in program.shape(of: source) }
    steady =
      direct.isEmpty ? nil : try ConnectionNetwork(direct, outputs: neurons, shape: shape)
    ticked =
      others.isEmpty ? nil : try ConnectionNetwork(others, outputs: neurons, shape: shape)
  }

  /// How often the bias acts in each tick of the window.
  var biasTicks: [Float] { heard(from: times.biasFrom) }

  /// How many of T ticks that begin at `start` are heard in each tick of the window.
  private func heard(from start: Int) -> [Float] {
    var counts = Array(repeating: Float(0), count: timesteps)
    for tick in 0..<timesteps {
      let own = max(0, start + tick - times.opens)
      if own < timesteps { counts[own] += 1 }
    }
    return counts
  }

  /// The currents of some samples, [samples][ticks][neurons].
  ///
  /// - Parameter waits: whether what arrives before the window opens is heard in its first tick;
  ///   otherwise each tick of a window hears the same tick of every source's window.
  func values(
    _ range: Range<Int>, inputs: [Float], inputSize: Int, trains: [Int: PayloadTrains],
    waits: Bool = true
  ) throws(PackError) -> [Float] {
    var currents = Array(repeating: Float(0), count: range.count * timesteps * neurons)
    if let ticked {
      var sources: [[Float]] = []
      for source in ticked.sources {
        let (key, sends) =
          switch source {
          case .input: (LayerCurrents.input, 0)
          case .population(let index): (index, clock.populations[index].opens + travel)
          }
        guard let train = trains[key] else { continue }
        let delay = waits ? times.opens - sends : 0
        var payloads = Array(
          repeating: Float(0), count: range.count * timesteps * train.neurons)
        for (place, sample) in range.enumerated() {
          train.arrivals(
            sample: sample, delay: delay, into: &payloads,
            at: place * timesteps * train.neurons)
        }
        sources.append(payloads)
      }
      currents = try ticked.run(sources, count: range.count * timesteps)
    }
    guard let steady else { return currents }
    let slice = Array(inputs[range.lowerBound * inputSize..<range.upperBound * inputSize])
    let sums = try steady.run([slice], count: range.count)
    let steadyTicks = waits ? heard(from: 0) : Array(repeating: 1, count: timesteps)
    for (tick, times) in steadyTicks.enumerated() where times > 0 {
      for place in 0..<range.count {
        let start = (place * timesteps + tick) * neurons
        for neuron in 0..<neurons {
          currents[start + neuron] += times * sums[place * neurons + neuron]
        }
      }
    }
    return currents
  }
}
