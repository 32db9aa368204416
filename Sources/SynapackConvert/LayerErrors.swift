internal import SynapackGraph
public import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport
internal import SynapackTensor

/// How much of a layer's values each cause takes away, as root mean squares over those of the
/// layer's own values.
public struct LayerError: Sendable, Hashable {
  public var name: String
  /// The mean threshold over the channels, in the unit of the source network.
  public var threshold: Double
  /// Values above the largest that T ticks can carry; `nil` for neurons that only compare others,
  /// and, as all parts of the error, for those that forget at a spike.
  public var clipping: Double?
  /// Values between two steps of the T·upper that T ticks can carry.
  public var quantization: Double?
  /// Spikes too many or too few because the input came unevenly: the membrane at the end says
  /// how many payloads the whole input would have given.
  public var unevenness: Double?
  /// Events sent a neuron and tick: what its payloads are sent as.
  public var spikeRate: Double

  public init(
    name: String, threshold: Double, clipping: Double?, quantization: Double?,
    unevenness: Double?, spikeRate: Double
  ) {
    self.name = name
    self.threshold = threshold
    self.clipping = clipping
    self.quantization = quantization
    self.unevenness = unevenness
    self.spikeRate = spikeRate
  }
}

/// Attribution of a conversion's error to its causes, layer by layer.
public enum LayerErrors {
  /// Measures every firing population on encoded samples of the calibration set.
  ///
  /// - Parameter coding: what payloads are sent as.
  public static func measure(
    _ lowered: LoweredProgram, sites: [NeuronSite], _ calibration: Calibration,
    samples: [[Int32]], coding: PayloadCoding = .whole, threads: Int
  ) throws(PackError) -> [LayerError] {
    let simulator = try Simulator(lowered.program, coding: coding)
    let perSample = try parallelUnits(count: samples.count, threads: threads) {
      (index) throws(PackError) -> [Unevenness] in
      let (states, outcome) = try simulator.ended(samples[index])
      return states.enumerated().map { index, state in
        Unevenness(
          lowered.program.populations[index], state, lowered.program,
          events: outcome.events[index])
      }
    }
    var errors: [LayerError] = []
    for (index, layer) in lowered.layers.enumerated() where !layer.amplitude.isEmpty {
      let population = lowered.program.populations[index]
      let unevenness = perSample.map { $0[index] }
      let values = calibration.sites[layer.name]?.channels
      let site = sites.first { $0.name == layer.name }
      let forgets = population.resets == .zero
      let steady = StaticError(
        site, forgets ? nil : values, layer.amplitude, population.payloads.upperBound,
        lowered.program.timesteps)
      let neurons = Double(max(1, population.shape.count * samples.count))
      let amplitude = layer.amplitude.map(Double.init).reduce(0, +) / Double(layer.amplitude.count)
      let missed = unevenness.reduce(0) { $0 + $1.squared } / neurons
      let ticks = Double(lowered.program.timesteps)
      errors.append(
        LayerError(
          name: layer.name, threshold: amplitude, clipping: steady.clipping,
          quantization: steady.quantization,
          unevenness: steady.power.map { missed.squareRoot() * amplitude / ticks / $0 },
          spikeRate: unevenness.reduce(0) { $0 + Double($1.events) } / neurons / ticks))
    }
    return errors
  }
}

extension Population {
  /// What a spike does to the membrane; `nil` where nothing fires by a threshold.
  var resets: Reset? {
    guard case .integrateAndFire(let behaviour) = model else { return nil }
    return behaviour.reset
  }
}

/// Payloads sent against those that the whole input would have given.
private struct Unevenness: Sendable {
  var squared = 0.0
  var events: Int

  init(
    _ population: Population, _ state: PopulationState, _ program: SpikingProgram, events: Int
  ) {
    self.events = events
    let thresholds = population.thresholds.expanded(to: population.shape)
    let least = Int64(population.payloads.lowerBound * program.timesteps)
    let most = Int64(population.payloads.upperBound * program.timesteps)
    for index in state.payloads.indices {
      let count = state.payloads[index]
      guard case .integrateAndFire(let behaviour) = population.model,
        behaviour.reset == .subtract
      else { continue }
      let theta = Int64(thresholds[index])
      let left = Int64(state.membranes[index])
      let owed = left >= 0 ? left / theta : -((-left + theta - 1) / theta)
      let floor = behaviour.memory ? 0 : least
      let expected = min(max(count + owed, floor), most)
      squared += Double((expected - count) * (expected - count))
    }
  }
}

/// Clipping and quantization, from the values that calibration kept.
private struct StaticError {
  var clipping: Double?
  var quantization: Double?
  /// The root mean square of the values; `nil` where none is other than zero.
  var power: Double?

  init(
    _ site: NeuronSite?, _ channels: [SiteValues.Channel]?, _ amplitudes: [Float], _ upper: Int,
    _ timesteps: Int
  ) {
    guard let site, let channels, channels.count == amplitudes.count else { return }
    var (clipped, rounded, total, count) = (0.0, 0.0, 0.0, 0.0)
    let most = Float(upper * timesteps)
    for (channel, amplitude) in zip(channels, amplitudes) where amplitude > 0 {
      let unit = amplitude / Float(timesteps)
      for value in channel.values {
        let kept = site.sign == .rectified ? min(max(value, 0), site.ceiling) : value.magnitude
        let reached = min(kept, unit * most)
        let stepped = min((reached / unit + 0.5).rounded(.down), most) * unit
        clipped += Double((kept - reached) * (kept - reached))
        rounded += Double((reached - stepped) * (reached - stepped))
        total += Double(kept * kept)
        count += 1
      }
    }
    guard total > 0 else { return }
    power = (total / count).squareRoot()
    clipping = (clipped / total).squareRoot()
    quantization = (rounded / total).squareRoot()
  }
}
