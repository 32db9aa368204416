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
    /// The samples that leave with the class of tick T, and their share.
    public var agreeing: Int
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

  /// The samples that keep their class under rules which they had no part in: each of eight parts of
  /// the samples under the rule of the other seven.
  ///
  /// What a rule does on the samples that it was found on says too much of it.
  public func heldOutAgreeing(agreement: Double) -> Int {
    heldOutAgreeing(Strictness(allowed: 1 - agreement))
  }

  private func heldOutAgreeing(_ strictness: Strictness) -> Int {
    let parts = min(ExitCalibration.parts, measures.count)
    guard parts > 1 else { return rule(strictness).agreeing }
    var agreeing = 0
    for part in 0..<parts {
      let found = samples { $0 % parts != part }.rule(strictness).rule
      let others = samples { $0 % parts == part }
      agreeing += others.outcome(limits: found.limits).agreeing
    }
    return agreeing
  }

  private func samples(_ isMeant: (Int) -> Bool) -> ExitCalibration {
    var some = self
    let places = measures.indices.filter(isMeant)
    (some.measures, some.agrees) = (places.map { measures[$0] }, places.map { agrees[$0] })
    return some
  }

  /// A rule with what samples that had no part in it tell of its agreement.
  public struct Promise: Sendable {
    public var outcome: Outcome
    /// The samples that keep their class under limits found without them.
    public var heldOut: Int
    public var samples: Int
    /// Whether the agreement is known to be kept, by ``AgreementBound``.
    public var isKept: Bool

    /// The least agreement with all inputs.
    public var bound: Double { AgreementBound.least(agreeing: heldOut, of: samples) }
  }

  /// The rule for an agreement that is to be kept on all inputs.
  ///
  /// Rules are tried from the strictest on: the limits of the least ε times 1.25¹², 1.25¹¹ and so on down to
  /// themselves, then those of an ε that grows by half each time up to what is asked for. The last is
  /// taken up to which the samples held out tell, with the confidence of ``AgreementBound``, that the
  /// agreement is kept.
  /// Trying them in an order that no sample has a part in, and ending at the first that fails, leaves
  /// that confidence to the one that is taken (fixed sequence testing; Angelopoulos et al., "Learn
  /// then Test", arXiv 2110.01052). Where the samples are too few to tell the agreement at all, every one
  /// of them has to keep its class, which is the most that they can tell, and nothing is promised.
  public func promise(agreement: Double) -> Promise {
    let isTold = AgreementBound.isTold(agreement, by: measures.count)
    var kept = nothing
    for strictness in ladder(agreement: agreement) {
      let outcome = rule(strictness)
      guard outcome.rule.limits.contains(where: { $0 < ExitRule.never }) else { continue }
      let heldOut = heldOutAgreeing(strictness)
      let holds =
        isTold
        ? AgreementBound.isAtLeast(agreement, agreeing: heldOut, of: measures.count)
        : heldOut == measures.count
      guard holds else { break }
      kept = Promise(
        outcome: outcome, heldOut: heldOut, samples: measures.count, isKept: isTold)
    }
    return kept
  }

  /// How hard it is to leave.
  private struct Strictness {
    /// ε
    var allowed: Double
    /// What the limits of ε are multiplied by.
    var factor = 1.0
  }

  /// From the strictest with which anything leaves up to what is asked for.
  private func ladder(agreement: Double) -> [Strictness] {
    var ladder = [Strictness(allowed: 1 - agreement)]
    while let last = ladder.last, last.allowed / 1.5 * Double(measures.count + 1) >= 1 {
      ladder.append(Strictness(allowed: last.allowed / 1.5))
    }
    var raised = ladder.last ?? Strictness(allowed: 1 - agreement)
    for _ in 0..<12 {
      raised.factor *= 1.25
      ladder.append(raised)
    }
    return ladder.reversed()
  }

  private func rule(_ strictness: Strictness) -> Outcome {
    let found = rule(agreement: 1 - strictness.allowed)
    guard strictness.factor > 1 else { return found }
    return outcome(
      limits: found.rule.limits.map { limit in
        let raised = (Double(max(1, limit)) * strictness.factor).rounded(.up)
        return raised < 0x1p62 ? Int64(raised) : ExitRule.never
      })
  }

  /// The rule that stops nothing, and so keeps every class.
  private var nothing: Promise {
    Promise(
      outcome: outcome(limits: Array(repeating: ExitRule.never, count: timesteps)),
      heldOut: measures.count, samples: measures.count, isKept: true)
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
      rule: rule, agreeing: agreeing, agreement: Double(agreeing) / count,
      meanTicks: Double(ticks) / count)
  }
}
