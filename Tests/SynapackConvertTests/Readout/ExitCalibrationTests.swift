import Foundation
import SynapackProgram
import SynapackSupport
import Testing

@testable import SynapackConvert

/// The calibrated rule against its definition, on scores that are drawn.
struct ExitCalibrationTests {
  /// Scores of samples whose leading class becomes clearer tick by tick.
  private func scores(_ seed: Int, samples: Int, ticks: Int) -> [[[Int64]]] {
    var random = SeededGenerator(seed: UInt64(seed))
    return (0..<samples).map { _ in
      let pull = (0..<4).map { _ in Int64.random(in: 0...20, using: &random) }
      var sums: [Int64] = [0, 0, 0, 0]
      return (0..<ticks).map { _ in
        for index in sums.indices {
          sums[index] += pull[index] + .random(in: -9...9, using: &random)
        }
        return sums
      }
    }
  }

  @Test(arguments: 0..<24, [ExitMeasure.margin, .level])
  func keepsTheAgreementOnItsOwnSamples(seed: Int, measure: ExitMeasure) {
    for agreement in [0.9, 0.97, 0.995] {
      let given = scores(seed, samples: 300, ticks: 8)
      let outcome = ExitCalibration(given, measure: measure, discards: 0).rule(agreement: agreement)
      let readout = Readout(population: 0, decoding: .membrane, unit: 1, exit: outcome.rule)
      var (ticks, agreeing) = (0, 0)
      for sample in given {
        let stop = readout.stop(sample)
        ticks += stop
        agreeing +=
          Readout.decision(sample[stop - 1]) == Readout.decision(sample[7]) ? 1 : 0
      }
      #expect(outcome.meanTicks == Double(ticks) / 300, "seed \(seed)")
      #expect(outcome.agreement == Double(agreeing) / 300, "seed \(seed)")
      #expect(outcome.agreement >= agreement, "seed \(seed)")
    }
  }

  /// A lower limit at any one tick would let more leave with another class than is allowed.
  @Test(arguments: 0..<12)
  func leavesAsSoonAsItMay(seed: Int) throws {
    let given = scores(seed, samples: 200, ticks: 5)
    let rule = ExitCalibration(given, measure: .margin, discards: 0).rule(agreement: 0.95).rule
    var staying = Array(given.indices)
    var (left, wrong) = (0, 0)
    for tick in 0..<4 {
      let measures = staying.map { ExitMeasure.margin.value(given[$0][tick]) }
      for limit in Set(measures).sorted() {
        let leaving = staying.filter { ExitMeasure.margin.value(given[$0][tick]) >= limit }
        let mistaken = leaving.count {
          Readout.decision(given[$0][tick]) != Readout.decision(given[$0][4])
        }
        guard Double(wrong + mistaken + 1) <= 0.05 * Double(left + leaving.count + 1) else {
          continue
        }
        #expect(rule.limits[tick] == limit, "seed \(seed), tick \(tick)")
        (left, wrong) = (left + leaving.count, wrong + mistaken)
        staying.removeAll { leaving.contains($0) }
        break
      }
    }
    #expect(rule.limits[4] == ExitRule.never)
  }

  @Test func aFewSamplesNeverSetALimit() {
    let sure = Array(repeating: Array(repeating: [Int64(100), 0], count: 4), count: 50)
    let strict = ExitCalibration(sure, measure: .margin, discards: 0).rule(agreement: 0.99)
    #expect(strict.meanTicks == 4)
    let loose = ExitCalibration(sure, measure: .margin, discards: 0).rule(agreement: 0.95)
    #expect(loose.meanTicks == 1)
  }

  /// Each sample under the rule of the other parts, by hand.
  @Test(arguments: 0..<6, [ExitMeasure.margin, .level])
  func heldOutSamplesHaveNoPartInTheirRule(seed: Int, measure: ExitMeasure) {
    let given = scores(seed, samples: 75, ticks: 4)
    var agreeing = 0
    for part in 0..<8 {
      let others = given.indices.filter { $0 % 8 != part }.map { given[$0] }
      let rule = ExitCalibration(others, measure: measure, discards: 0).rule(agreement: 0.9).rule
      let readout = Readout(population: 0, decoding: .membrane, unit: 1, exit: rule)
      for sample in given.indices.filter({ $0 % 8 == part }).map({ given[$0] }) {
        let stop = readout.stop(sample)
        agreeing += Readout.decision(sample[stop - 1]) == Readout.decision(sample[3]) ? 1 : 0
      }
    }
    let found = ExitCalibration(given, measure: measure, discards: 0)
      .heldOutAgreeing(agreement: 0.9)
    #expect(found == agreeing, "seed \(seed)")
  }

  /// A promise is kept by the bound on samples held out, and the next looser rule's would not be.
  @Test(arguments: 0..<12, [0.9, 0.97])
  func thePromiseHoldsOnSamplesHeldOut(seed: Int, agreement: Double) {
    let given = ExitCalibration(
      scores(seed, samples: 150, ticks: 5), measure: .margin, discards: 0)
    let promise = given.promise(agreement: agreement)
    #expect(promise.isKept && promise.samples == 150)
    #expect(promise.bound >= agreement - 1e-8, "seed \(seed)")
    // By hand: all looser than the first are kept up to the one taken.
    let rules = (0...20).map { (1 - agreement) / pow(1.5, 20 - Double($0)) }
      .filter { $0 * 151 >= 1 }
    var last: ExitCalibration.Outcome?
    for allowed in rules {
      let heldOut = given.heldOutAgreeing(agreement: 1 - allowed)
      guard AgreementBound.least(agreeing: heldOut, of: 150) >= agreement else { break }
      last = given.rule(agreement: 1 - allowed)
    }
    // Where not even the first is kept, limits are raised by quarters.
    guard let last else {
      let limits = given.rule(agreement: 1 - rules[0]).rule.limits
      let isRaised = (1...12).contains { steps in
        let factor = pow(1.25, Double(steps))
        return promise.outcome.rule.limits
          == limits.map {
            $0 == ExitRule.never ? $0 : Int64((Double(max(1, $0)) * factor).rounded(.up))
          }
      }
      #expect(isRaised || promise.outcome.meanTicks == 5, "seed \(seed)")
      return
    }
    #expect(promise.outcome == last, "seed \(seed)")
  }

  /// The promise is one for inputs to come: on fresh ones it is broken in one of twenty trials or so,
  /// where the share of the calibration alone would break it in about half of them.
  @Test func thePromiseHoldsOnFreshSamples() {
    let (agreement, trials) = (0.93, 30)
    var (broken, early) = (0, 0)
    for trial in 0..<trials {
      let promise = ExitCalibration(
        scores(1_000 + trial, samples: 200, ticks: 6), measure: .margin, discards: 0
      ).promise(agreement: agreement)
      let fresh = scores(9_000 + trial, samples: 1_000, ticks: 6)
      let readout = Readout(
        population: 0, decoding: .membrane, unit: 1, exit: promise.outcome.rule)
      let kept = fresh.count { sample in
        Readout.decision(sample[readout.stop(sample) - 1]) == Readout.decision(sample[5])
      }
      broken += Double(kept) < agreement * 1_000 ? 1 : 0
      early += promise.outcome.meanTicks < 6 ? 1 : 0
    }
    #expect(early > trials / 2, "\(early) rules stop anything")
    // P(more than 5 of 30 at 5 %) is below 1 %.
    #expect(broken <= 5, "\(broken) of \(trials) promises broken")
  }

  /// With too few samples to tell, each of them keeps its class, and nothing is promised.
  @Test(arguments: 0..<6)
  func tooFewSamplesPromiseNothing(seed: Int) {
    // 0.97 takes 99 samples.
    let given = ExitCalibration(scores(seed, samples: 80, ticks: 5), measure: .margin, discards: 0)
    let promise = given.promise(agreement: 0.97)
    #expect(promise.bound < 0.97 && promise.heldOut == 80)
    #expect(promise.isKept == (promise.outcome.meanTicks == 5), "seed \(seed)")
  }

  /// Where scores tell nothing of the last tick, nothing leaves and every class is kept.
  @Test(arguments: [120, 400]) func whatCannotBePromisedStopsNothing(samples: Int) {
    var random = SeededGenerator(seed: 5)
    let noise = (0..<samples).map { _ in
      (0..<4).map { _ in (0..<3).map { _ in Int64.random(in: 0...1_000, using: &random) } }
    }
    let promise = ExitCalibration(noise, measure: .margin, discards: 0).promise(agreement: 0.99)
    #expect(promise.outcome.meanTicks == 4 && promise.heldOut == samples && promise.isKept)
  }

  @Test(arguments: [(0.9, 9), (0.99, 99), (0.995, 199), (0.5, 1)])
  func theFewestSamplesAreThoseOfALimit(agreement: Double, fewest: Int) {
    func leaves(_ samples: Int) -> Bool {
      let sure = Array(repeating: Array(repeating: [Int64(100), 0], count: 4), count: samples)
      return ExitCalibration(sure, measure: .margin, discards: 0)
        .rule(agreement: agreement).meanTicks < 4
    }
    let found = ExitCalibration.fewestSamples(agreement: agreement) ?? 0
    #expect(abs(found - fewest) <= 1)
    #expect(leaves(found) && (found == 1 || !leaves(found - 1)))
    #expect(ExitCalibration.fewestSamples(agreement: 1) == nil)
  }

  @Test func discardedTicksShiftTheLimits() {
    let given = scores(3, samples: 300, ticks: 6)
    let whole = ExitCalibration(given, measure: .margin, discards: 0).rule(agreement: 0.9)
    let later = ExitCalibration(given, measure: .margin, discards: 2).rule(agreement: 0.9)
    #expect(later.rule.limits == [ExitRule.never, ExitRule.never] + whole.rule.limits)
    #expect(abs(later.meanTicks - whole.meanTicks - 2) < 1e-9)
  }
}
