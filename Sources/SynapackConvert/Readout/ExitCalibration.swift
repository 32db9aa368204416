public import SynapackProgram

/// Finds the rule that stops most samples early while those stopped keep their class.
///
/// With S samples, ε the share that may leave with another class than after tick T, and m(s, k) the
/// measure of sample s after tick k, ticks are taken in ascending order. Of the samples that have
/// not left, those with m(s, k) ≥ limit(k) leave, where limit(k) is the least value with
///
///     (e + 1) / (n + 1) ≤ ε
///
/// n: all that left up to tick k; e: those of them whose class is another one. The additions keep
/// a few lucky samples from setting a limit: nothing leaves before 1/ε samples agree. The early
/// exits of SEENN-I and of Dynamic Confidence compare a softmax with one number; limits a tick in
/// integers need no exponential on the host and leave more at equal agreement.
public struct ExitCalibration: Sendable {
  /// What the rule does on the samples that it was found on.
  public struct Outcome: Sendable, Hashable {
    public var rule: ExitRule
    /// The share of samples that leave with the class of tick T.
    public var agreement: Double
    public var meanTicks: Double
  }

  private var measures: [[Int64]]
  private var agrees: [[Bool]]
  private let first: Int
  private let timesteps: Int

  /// - Parameters:
  ///   - scores: for each sample the scores after each tick from `discards` + 1 to T.
  public init(_ scores: [[[Int64]]], measure: ExitMeasure, discards: Int) {
    self.measure = measure
    first = discards
    timesteps = discards + (scores.first?.count ?? 0)
    measures = scores.map { $0.map(measure.value) }
    agrees = scores.map { ticks in
      let decisions = ticks.map(Readout.decision)
      return decisions.map { $0 == decisions.last }
    }
  }

  private let measure: ExitMeasure

  /// The rule for an agreement of 1 − ε with the class of tick T, in 0...1.
  public func rule(agreement: Double) -> Outcome {
    switch measure {
    case .margin: outcome(limits: marginLimits(1 - agreement))
    case .level: outcome(limits: levelLimits(1 - agreement))
    }
  }

  /// Samples are held out in so many parts.
  private static let parts = 8

  /// The share of samples that keep their class under rules which they had no part in: each of eight
  /// parts of the samples under the rule of the other seven.
  ///
  /// What a rule does on the samples that it was found on says too much of it.
  public func heldOutAgreement(agreement: Double) -> Double {
    let parts = min(ExitCalibration.parts, measures.count)
    guard parts > 1 else { return rule(agreement: agreement).agreement }
    var agreeing = 0.0
    for part in 0..<parts {
      let found = samples { $0 % parts != part }.rule(agreement: agreement).rule
      let others = samples { $0 % parts == part }
      agreeing += others.outcome(limits: found.limits).agreement * Double(others.measures.count)
    }
    return agreeing / Double(measures.count)
  }

  private func samples(_ isMeant: (Int) -> Bool) -> ExitCalibration {
    var some = self
    let places = measures.indices.filter(isMeant)
    (some.measures, some.agrees) = (places.map { measures[$0] }, places.map { agrees[$0] })
    return some
  }

  /// The least strict rule that keeps the agreement on samples held out too, and what it keeps there.
  ///
  /// ε is divided by 1.5 until it does: limits chosen on samples fit these better than any others.
  /// The strictest of them stops nothing, and so keeps every class.
  public func promise(agreement: Double) -> (outcome: Outcome, heldOut: Double) {
    var allowed = 1 - agreement
    while true {
      let heldOut = heldOutAgreement(agreement: 1 - allowed)
      // Below one sample in all that there are nothing leaves any more.
      guard heldOut < agreement, allowed * Double(measures.count + 1) >= 1 else {
        return (rule(agreement: 1 - allowed), heldOut)
      }
      allowed /= 1.5
    }
  }

  /// The fewest samples on which a limit for this agreement can be told; `nil` where no number is
  /// enough.
  static func fewestSamples(agreement: Double) -> Int? {
    // (0 + 1) / (n + 1) ≤ ε, and one sample more where the division rounds the wrong way.
    let allowed = 1 - agreement
    let most = (1 / allowed).rounded(.up)
    guard most.isFinite, most < 1e15 else { return nil }
    return (max(1, Int(most) - 2)...Int(most) + 1).first { 1 <= allowed * Double($0 + 1) }
  }

  /// One limit a tick.
  private func marginLimits(_ allowed: Double) -> [Int64] {
    var limits = Array(repeating: ExitRule.never, count: timesteps)
    var staying = Array(measures.indices)
    var (left, wrong) = (0, 0)
    for tick in 0..<max(0, timesteps - first - 1) {
      let ordered = staying.sorted {
        (measures[$1][tick], $0) < (measures[$0][tick], $1)
      }
      var (leaving, mistaken) = (0, 0)
      var best: (limit: Int64, left: Int, wrong: Int)?
      for (place, sample) in ordered.enumerated() {
        leaving += 1
        mistaken += agrees[sample][tick] ? 0 : 1
        // Equal measures leave together.
        let next = place + 1 < ordered.count ? measures[ordered[place + 1]][tick] : nil
        guard next != measures[sample][tick] else { continue }
        if Double(wrong + mistaken + 1) <= allowed * Double(left + leaving + 1) {
          best = (measures[sample][tick], leaving, mistaken)
        }
      }
      guard let best else { continue }
      limits[first + tick] = best.limit
      (left, wrong) = (left + best.left, wrong + best.wrong)
      staying = Array(ordered.dropFirst(best.left))
    }
    return limits
  }

  /// One limit for all ticks: a threshold that the first class reaches.
  private func levelLimits(_ allowed: Double) -> [Int64] {
    let candidates = Set(measures.flatMap { $0.dropLast() }).sorted()
    let fits = { (limit: Int64) -> Bool in
      var (left, wrong) = (0, 0)
      for (sample, ticks) in measures.enumerated() {
        guard let tick = ticks.dropLast().firstIndex(where: { $0 >= limit }) else { continue }
        left += 1
        wrong += agrees[sample][tick] ? 0 : 1
      }
      return Double(wrong + 1) <= allowed * Double(left + 1)
    }
    // A search by halves needs an order that is not there: agreement may fall and rise again.
    let stride = max(1, candidates.count / 512)
    let limit =
      candidates.indices.filter { $0 % stride == 0 }.map { candidates[$0] }.first(where: fits)
      ?? ExitRule.never
    return Array(repeating: limit, count: timesteps)
  }

  private func outcome(limits: [Int64]) -> Outcome {
    let rule = ExitRule(measure: measure, limits: limits)
    var (ticks, agreeing) = (0, 0)
    for (sample, values) in measures.enumerated() {
      let stop =
        values.indices.first { values[$0] >= limits[first + $0] } ?? max(0, values.count - 1)
      ticks += first + stop + 1
      agreeing += agrees[sample][stop] ? 1 : 0
    }
    let count = Double(max(1, measures.count))
    return Outcome(
      rule: rule, agreement: Double(agreeing) / count, meanTicks: Double(ticks) / count)
  }
}
