/// How the result is read: from which population, and how many ticks it takes.
///
/// Ticks are counted in the readout's window: tick k, 1...T, is the k-th of the last T ticks of
/// its population's life. The score after tick k is
///
///     score(k) = r(k) − r(d)      with d discarded ticks, and
///     score(k) = r(k)             without any
///
/// r(k): the membrane after tick k, or the sum of the payloads sent up to it. Discarding leaves out
/// the first ticks of a wavefront, in which later layers have heard nothing yet.
public struct Readout: Sendable, Hashable {
  public var population: Int
  public var decoding: OutputDecoding
  /// What one unit of the score stands for in the outputs of the source network, summed over T
  /// ticks; information only, no integer depends on it.
  public var unit: Float
  /// d, below T.
  public var discards: Int
  /// When the host may stop before tick T; `nil` for never.
  public var exit: ExitRule?

  public init(
    population: Int, decoding: OutputDecoding, unit: Float, discards: Int = 0,
    exit: ExitRule? = nil
  ) {
    self.population = population
    self.decoding = decoding
    self.unit = unit
    self.discards = discards
    self.exit = exit
  }

  /// The lowest index with the largest score.
  public static func decision(_ scores: [Int64]) -> Int {
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return best
  }

  /// The tick 1...T after which the host stops.
  ///
  /// - Parameter scores: the scores after each tick from d + 1 to T.
  public func stop(_ scores: [[Int64]]) -> Int {
    guard let exit else { return discards + scores.count }
    for (index, tick) in scores.enumerated() {
      let limits = exit.limits
      guard limits.indices.contains(discards + index) else { break }
      if exit.measure.value(tick) >= limits[discards + index] { return discards + index + 1 }
    }
    return discards + scores.count
  }
}

/// The score of a class; the decision is the lowest index with the largest score.
public enum OutputDecoding: String, Sendable, Hashable, CaseIterable {
  /// The membrane potential after the last tick.
  case membrane
  /// The sum of the payloads sent.
  case count
}

/// Stops a sample after the first tick that is sure enough.
///
/// One barrier ends all layers at once, so this is a policy of the host and any chip can follow it.
public struct ExitRule: Sendable, Hashable {
  public var measure: ExitMeasure
  /// The least measure that stops after tick k is `limits[k − 1]`; T of them.
  public var limits: [Int64]

  public init(measure: ExitMeasure, limits: [Int64]) {
    self.measure = measure
    self.limits = limits
  }

  /// A limit that no score reaches.
  public static let never = Int64.max
}

/// What says how sure the scores of a tick are.
public enum ExitMeasure: String, Sendable, Hashable, CaseIterable {
  /// The largest score less the second largest: early exit by confidence.
  case margin
  /// The largest score: the first class to reach a threshold wins.
  case level

  /// The measure of one tick; ``ExitRule/never`` less one at most.
  public func value(_ scores: [Int64]) -> Int64 {
    var (first, second) = (Int64.min, Int64.min)
    for score in scores {
      if score > first {
        (first, second) = (score, first)
      } else if score > second {
        second = score
      }
    }
    let value: Int64 =
      switch self {
      case .level: first
      case .margin:
        // A single class has nobody to be unsure about.
        scores.count > 1 ? first.subtractingReportingOverflow(second).partialValue : first
      }
    return min(value, ExitRule.never - 1)
  }
}

extension SpikingProgram {
  /// The same network read after another number of ticks; an exit rule keeps the ticks it knows.
  public func running(_ ticks: Int) -> SpikingProgram {
    guard ticks != timesteps else { return self }
    var program = self
    program.timesteps = ticks
    program.input.ticks = input.ticks.map { min($0, ticks) }
    program.readout.discards = min(readout.discards, max(0, ticks - 1))
    if let exit = readout.exit {
      let more = Array(repeating: ExitRule.never, count: max(0, ticks - exit.limits.count))
      program.readout.exit?.limits = Array((exit.limits + more).prefix(ticks))
    }
    return program
  }
}
