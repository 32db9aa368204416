public import SynapackProgram
internal import SynapackSimulate
public import SynapackSupport

/// Turns the readout into spiking neurons whose payloads are counted, for chips that let nobody
/// read a membrane.
///
/// Before: an integrator with the scores v(T). After: integrate-and-fire neurons with one threshold
/// θ for all classes, a shift c on every bias and θ/2 on every v(0), or nothing where membranes have
/// to start at zero, so that
///
///     count(T) ≈ clip((v(T) + T·c) / θ, 0, T·hi)
///
/// keeps the order of the classes that matter: c lifts the scores of the leading ones above zero
/// and θ spreads them over the T·hi + 1 counts there are. Both are found by trying a grid of them
/// on what the network really sends, for the most samples with the class that the membranes name.
public struct CountedReadout: Sendable {
  /// What a pair of threshold and shift gives.
  public struct Choice: Sendable, Hashable {
    public var threshold: Int32
    public var shift: Int32
    /// Samples, of those given, with the class that the membranes name.
    public var agreeing: Int
  }

  private let drives: [[[Int64]]]
  private let wanted: [Int]
  private let biasedTicks: [Int64]
  private let highest: Int64
  private let start: MembraneStart

  /// The program with counted scores, and how many of `inputs` keep their class.
  ///
  /// - Throws: what running the program throws.
  public static func counted(
    _ program: SpikingProgram, payloads: ClosedRange<Int>, inputs: [[Int32]],
    start: MembraneStart = .balanced, threads: Int
  ) throws(PackError) -> (program: SpikingProgram, agreeing: Int) {
    let index = program.readout.population
    guard program.readout.decoding == .membrane,
      case .integrator = program.populations[index].model
    else { return (program, inputs.count) }
    var heard = program
    heard.populations[index].model = .integrateAndFire(
      FiringBehaviour(payloads: 0...max(1, payloads.upperBound)))
    // A threshold out of reach: the population listens on the clock that it will fire by.
    heard.populations[index].thresholds = Parameter([program.populations[index].membrane.upperBound]
    )
    let before = try traces(program, inputs, threads)
    let readout = CountedReadout(
      drives: try traces(heard, inputs, threads),
      wanted: before.map { Readout.decision($0.last ?? []) },
      clock: Clock(heard).populations[index], timesteps: program.timesteps,
      highest: Int64(payloads.upperBound), start: start)
    let choice = readout.best(population: program.populations[index])
    heard.readout.decoding = .count
    heard.readout.unit = program.readout.unit * Float(choice.threshold)
    heard.populations[index].thresholds = Parameter([choice.threshold])
    heard.populations[index].initial = Parameter(
      program.populations[index].initial.values.map {
        $0 + Int32(readout.raised(Int64(choice.threshold)))
      })
    heard.populations[index].biases = Parameter(
      program.populations[index].biases.values.map { $0 + choice.shift })
    try heard.verify()
    return (heard, choice.agreeing)
  }

  private init(
    drives: [[[Int64]]], wanted: [Int], clock: Clock.Times, timesteps: Int, highest: Int64,
    start: MembraneStart
  ) {
    self.drives = drives
    self.wanted = wanted
    self.highest = highest
    self.start = start
    biasedTicks = (1...max(1, timesteps)).map { tick in
      Int64(min(timesteps, max(0, clock.opens + tick - clock.biasFrom)))
    }
  }

  /// v after each tick of the window, without resets.
  private static func traces(
    _ program: SpikingProgram, _ inputs: [[Int32]], _ threads: Int
  ) throws(PackError) -> [[[Int64]]] {
    let simulator = try Simulator(program)
    return try parallelUnits(count: inputs.count, threads: threads) {
      (index) throws(PackError) in try simulator.scores(inputs[index])
    }
  }

  /// The best pair of a grid: twelve shifts, at the scores of ever lower ranks, times sixteen
  /// thresholds.
  private func best(population: Population) -> Choice {
    let last = drives.compactMap(\.last)
    let ticks = biasedTicks.last ?? 1
    let start = population.initial.values.reduce(0) { max($0, Int64($1)) }
    let tops = last.map { $0.max() ?? 0 }.sorted()
    let all = last.flatMap { $0 }.sorted()
    let room = Int64(Int32.max >> Int32(32 - population.biasBits))
    let extremes = population.biases.values
    let lowest = -room - Int64(extremes.min() ?? 0)
    let greatest = room - Int64(extremes.max() ?? 0)
    var found: Choice?
    for step in 0..<12 {
      // From nothing below zero counted to only the largest scores counted.
      let zero = quantile(all, Double(step) / 12)
      let shift = min(max(-zero / ticks, lowest), greatest)
      let top = quantile(tops, 0.99) + shift * ticks
      for fraction in 1...16 {
        let threshold = top * Int64(fraction) / (8 * ticks * highest)
        guard threshold > 0, threshold + start < Int64(population.membrane.upperBound) else {
          continue
        }
        let choice = Choice(
          threshold: Int32(threshold), shift: Int32(shift),
          agreeing: agreeing(threshold: threshold, shift: shift))
        if choice.agreeing > found?.agreeing ?? -1 { found = choice }
      }
    }
    return found
      ?? Choice(threshold: 1, shift: 0, agreeing: agreeing(threshold: 1, shift: 0))
  }

  private func agreeing(threshold: Int64, shift: Int64) -> Int {
    zip(drives, wanted).count { drive, wanted in
      Readout.decision(counts(drive, threshold, shift)) == wanted
    }
  }

  /// The payloads that each class has sent after the last tick.
  private func counts(_ drive: [[Int64]], _ threshold: Int64, _ shift: Int64) -> [Int64] {
    var sent = Array(repeating: Int64(0), count: drive.first?.count ?? 0)
    for (tick, values) in zip(biasedTicks, drive) {
      for neuron in sent.indices {
        let membrane = values[neuron] + shift * tick + raised(threshold) - sent[neuron] * threshold
        guard membrane >= threshold else { continue }
        sent[neuron] += min(membrane / threshold, highest)
      }
    }
    return sent
  }

  /// What membranes start at beside what they start at already.
  private func raised(_ threshold: Int64) -> Int64 {
    switch start {
    case .balanced: threshold / 2
    case .zero: 0
    }
  }

  private func quantile(_ sorted: [Int64], _ share: Double) -> Int64 {
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }
}
