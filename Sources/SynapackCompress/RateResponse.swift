internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// How the rate of a population's neurons follows what drives them, a channel.
///
///     r ≈ min(max(slope·z + offset, 0), s),   z = (N·θ + v_T − v₀) / T,   r = N / T
///
/// N: the payloads of a neuron in a window of T ticks; v₀, v_T: its membrane before and after; θ: its
/// threshold; s: the largest payload. A neuron whose drive came evenly and all before its last tick
/// has the slope 1/θ and the offset (v₀/θ − ½)/T. One that was fitted to what comes unevenly does not:
/// it hurries or waits, which only its payloads tell. Least squares over the observations between the
/// ends of the range, which are chosen anew a few times.
struct RateResponse: Sendable {
  var slopes: [Float]
  var offsets: [Float]

  /// Observations of one channel.
  typealias Observations = [(drive: Float, rate: Float)]

  private static let rounds = 6
  private static let least = 32
  /// How far a slope may lie from 1/θ: beyond it a channel hardly fires, and chance decides.
  private static let ratios: ClosedRange<Float> = 0.4...2.5
  /// Cells of a channel that are observed in one sample.
  private static let cells = 64

  /// That of neurons whose drive comes evenly.
  init(even population: Population, timesteps: Int, thresholds: [Int32]) {
    let channels = thresholds.count
    let initial = population.initial.values
    slopes = thresholds.map { 1 / Float($0) }
    offsets = thresholds.indices.map { channel in
      let own = initial[
        channel * initial.count
          / channels..<max(
            channel * initial.count / channels + 1, (channel + 1) * initial.count / channels)]
      let mean = own.reduce(Float(0)) { $0 + Float($1) } / Float(own.count)
      return (mean / Float(thresholds[channel]) - 0.5) / Float(timesteps)
    }
  }

  /// Moves each channel's line to where its observations lie.
  mutating func fit(_ observations: [Observations], most: Float) {
    for (channel, pairs) in observations.enumerated() where channel < slopes.count {
      let even = slopes[channel]
      for _ in 0..<RateResponse.rounds {
        let (slope, offset) = (slopes[channel], offsets[channel])
        let inside = pairs.filter { (0...most).contains(slope * $0.drive + offset) }
        guard inside.count >= RateResponse.least, let line = RateResponse.line(inside),
          RateResponse.ratios.contains(line.slope / even)
        else { break }
        (slopes[channel], offsets[channel]) = line
      }
    }
  }

  /// The line of least squares; `nil` where all drives are the same.
  private static func line(_ pairs: Observations) -> (slope: Float, offset: Float)? {
    let count = Double(pairs.count)
    let (drives, rates) = pairs.reduce((0.0, 0.0)) {
      ($0.0 + Double($1.drive) / count, $0.1 + Double($1.rate) / count)
    }
    var (square, product) = (0.0, 0.0)
    for pair in pairs {
      let drive = Double(pair.drive) - drives
      square += drive * drive
      product += drive * (Double(pair.rate) - rates)
    }
    guard square > 0 else { return nil }
    let slope = product / square
    return (Float(slope), Float(rates - slope * drives))
  }

  /// What every population that fires shows on some samples, [populations][channels].
  static func observations(
    _ program: SpikingProgram, _ inputs: [[Int32]], threads: Int
  ) throws(PackError) -> [[Observations]] {
    let simulator = try Simulator(program)
    let parts = try parallelUnits(count: inputs.count, threads: threads) {
      (sample) throws(PackError) -> [[Observations]] in
      let states = try simulator.finalStates(inputs[sample])
      return states.enumerated().map { index, state in
        observations(program.populations[index], state, program.timesteps, sample: sample)
      }
    }
    var all = parts.first ?? program.populations.map { _ in [] }
    for part in parts.dropFirst() {
      for index in all.indices {
        for channel in all[index].indices { all[index][channel] += part[index][channel] }
      }
    }
    return all
  }

  private static func observations(
    _ population: Population, _ state: PopulationState, _ timesteps: Int, sample: Int
  ) -> [Observations] {
    let planes = population.shape.planes ?? (population.shape.count, 1, 1)
    let (ticks, count) = (Double(timesteps), planes.height * planes.width)
    let thresholds = population.thresholds.expanded(to: population.shape)
    let initial = population.initial.expanded(to: population.shape)
    let kept = min(count, cells)
    return (0..<planes.channels).map { channel in
      (0..<kept).map { place in
        let neuron = channel * count + (place * count / kept + sample * 7) % count
        let drive = state.drive(
          neuron, threshold: thresholds[neuron], initial: initial[neuron], ticks: ticks)
        return (drive, Float(Double(state.payloads[neuron]) / ticks))
      }
    }
  }
}
