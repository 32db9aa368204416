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
    let share = ExitCalibration(given, measure: measure, discards: 0)
      .heldOutAgreement(agreement: 0.9)
    #expect(abs(share - Double(agreeing) / 75) < 1e-12, "seed \(seed)")
  }

  /// What a rule promises it keeps on samples that it has not seen, and none that is looser does.
  @Test(arguments: 0..<12, [0.9, 0.97])
  func thePromiseHoldsOnSamplesHeldOut(seed: Int, agreement: Double) {
    let given = ExitCalibration(
      scores(seed, samples: 150, ticks: 5), measure: .margin, discards: 0)
    let (outcome, heldOut) = given.promise(agreement: agreement)
    #expect(heldOut >= agreement, "seed \(seed)")
    var allowed = 1 - agreement
    while given.rule(agreement: 1 - allowed) != outcome, allowed > 1e-6 {
      #expect(given.heldOutAgreement(agreement: 1 - allowed) < agreement, "seed \(seed)")
      allowed /= 1.5
    }
    #expect(given.rule(agreement: 1 - allowed) == outcome, "seed \(seed)")
  }

  /// Where scores tell nothing of the last tick, nothing leaves and every class is kept.
  @Test func whatCannotBePromisedStopsNothing() {
    var random = SeededGenerator(seed: 5)
    let noise = (0..<120).map { _ in
      (0..<4).map { _ in (0..<3).map { _ in Int64.random(in: 0...1_000, using: &random) } }
    }
    let (outcome, heldOut) = ExitCalibration(noise, measure: .margin, discards: 0)
      .promise(agreement: 0.99)
    #expect(outcome.meanTicks == 4 && heldOut == 1)
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
