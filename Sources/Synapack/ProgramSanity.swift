internal import SynapackProgram
internal import SynapackSimulate
internal import SynapackSupport
internal import SynapackTensor

/// What a valid program seldom means to do: channels that can never spike, membranes at their limit.
enum ProgramSanity {
  /// - Parameter seen: what the conformance inputs showed.
  static func findings(_ program: SpikingProgram, _ seen: [Examination]) -> [Finding] {
    let clock = Clock(program)
    let silent = program.populations.indices.compactMap { index -> Finding? in
      let count = silentChannels(program, index, clock)
      guard count > 0, let planes = program.populations[index].shape.planes else { return nil }
      return Finding(
        .silentChannels, .note,
        "\(count) of \(planes.channels) channels can never reach their threshold",
        at: .layer(program.populations[index].name))
    }
    return silent + saturating(program, seen)
  }

  // MARK: - Silent channels

  /// Channels whose membranes stay below θ, and above −θ where negative payloads are sent.
  ///
  ///     v ≤ v(0) + n · max(0, Σ_taps max(w·lower, w·upper) + b)
  ///
  /// n: the ticks of the population's life; lower, upper: the payloads of the source. A leak, a
  /// reset or an inhibition in between only brings v closer to zero than this bound.
  private static func silentChannels(
    _ program: SpikingProgram, _ index: Int, _ clock: Clock
  ) -> Int {
    let population = program.populations[index]
    guard case .integrateAndFire(let behaviour) = population.model,
      let planes = population.shape.planes
    else { return 0 }
    let drives = drives(program, index, channels: planes.channels)
    let cells = population.shape.count / max(1, planes.channels)
    let thresholds = population.thresholds.expanded(to: population.shape)
    let biases = population.biases.expanded(to: population.shape)
    let initial = population.initial.expanded(to: population.shape)
    let ticks = Double(clock.populations[index].ends - clock.populations[index].begins)
    return (0..<planes.channels).count { channel in
      (channel * cells..<(channel + 1) * cells).allSatisfy { neuron in
        let bias = Double(biases[neuron])
        let rise = max(0, drives[channel].upper + max(0, bias)) * ticks
        let fall = min(0, drives[channel].lower + min(0, bias)) * ticks
        let start = Double(initial[neuron])
        let theta = Double(thresholds[neuron])
        let staysBelow = behaviour.payloads.upperBound <= 0 || start + rise < theta
        // ⌊v / θ⌋ is negative as soon as v is.
        let staysAbove = behaviour.payloads.lowerBound >= 0 || start + fall >= 0
        return staysBelow && staysAbove
      }
    }
  }

  /// The most and the least that a neuron of each channel hears in one tick, as Doubles: products of
  /// whole sums below 2^53, whose rounding is far below one threshold unit in doubt.
  private static func drives(
    _ program: SpikingProgram, _ index: Int, channels: Int
  ) -> [(lower: Double, upper: Double)] {
    var drives = Array(repeating: (lower: 0.0, upper: 0.0), count: channels)
    for connection in program.connections where connection.target == index {
      let weights = connection.synapses.weights
      let payloads = program.payloads(of: connection.source)
      let paths = connection.relays.reduce(1.0) { $0 * Double($1.kernel.y * $1.kernel.x) }
      let (low, high) = (Double(payloads.lowerBound) * paths, Double(payloads.upperBound) * paths)
      let summary = weights.summary
      for channel in 0..<min(channels, summary.rises.count) {
        // w > 0 gives most with the largest payload, w < 0 with the least.
        let (rise, fall) = (Double(summary.rises[channel]), Double(summary.falls[channel]))
        drives[channel].upper += rise * high + fall * low
        drives[channel].lower += rise * low + fall * high
      }
    }
    return drives
  }

  // MARK: - Membranes at their limit

  private static func saturating(
    _ program: SpikingProgram, _ seen: [Examination]
  ) -> [Finding] {
    saturated(program, seen).map { index, most in
      let population = program.populations[index]
      return Finding(
        .saturatingMembranes, .note,
        "on a conformance input " + words(population, most), at: .layer(population.name))
    }
  }

  /// What membranes at their limit lose, for the ledger of the program that is about to be stored.
  ///
  /// A neuron that never fires, such as one of a dead channel, loses nothing at its floor: an entry
  /// stands only for a population that would send something else if no membrane had a limit.
  ///
  /// - Parameter seen: what calibration inputs showed.
  /// - Throws: what running the program with the widest membranes throws.
  static func losses(
    _ program: SpikingProgram, _ seen: [Examination], threads: Int
  ) throws(PackError) -> [Loss] {
    let found = saturated(program, seen)
    guard !found.isEmpty else { return [] }
    var wide = program
    for index in wide.populations.indices {
      wide.populations[index].membrane = Population.membraneRange(bits: 32)
    }
    let free = try Examination.all(of: wide, inputs: seen.map(\.record.input), threads: threads)
    return found.compactMap { index, most in
      let population = program.populations[index]
      // What it sends and scores, not the membranes, which are wider.
      let differing = zip(seen, free).count { own, other in
        let sent = zip(own.record.populations[index], other.record.populations[index])
        return !sent.allSatisfy { ($0.spikes, $0.payload) == ($1.spikes, $1.payload) }
          || (index == program.readout.population && own.record.scores != other.record.scores)
      }
      guard differing > 0 else { return nil }
      return Loss(
        .saturatingMembranes, .warning, subject: population.name,
        "on a calibration input " + words(population, most)
          + "; with 32 bits for all membranes it would send otherwise on \(differing) of "
          + "\(seen.count); `measured` is the share at a limit",
        measured: Double(most) / Double(max(1, population.shape.count)))
    }
  }

  /// The populations with neurons at a limit, and how many these are on the input that has most.
  private static func saturated(
    _ program: SpikingProgram, _ seen: [Examination]
  ) -> [(index: Int, most: Int)] {
    program.populations.indices.compactMap { index in
      guard let most = seen.map({ $0.saturated[index] }).max(), most > 0 else { return nil }
      return (index, most)
    }
  }

  private static func words(_ population: Population, _ most: Int) -> String {
    "the membranes of \(most) of \(population.shape.count) neurons stand at their floor or ceiling"
  }
}
