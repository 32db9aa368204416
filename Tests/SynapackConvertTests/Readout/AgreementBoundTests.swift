import SynapackSupport
import Testing

@testable import SynapackConvert

/// The bound of Clopper and Pearson against the binomial distribution itself.
struct AgreementBoundTests {
  /// P(exactly k of n), by products of ratios that stay near 1.
  private func probability(_ k: Int, of n: Int, share: Double) -> Double {
    var factors = Array(repeating: share, count: k) + Array(repeating: 1 - share, count: n - k)
    factors += (0..<k).map { Double(n - $0) / Double(k - $0) }
    // From both ends, so that no product in between leaves the doubles.
    factors.sort()
    var (product, low, high) = (1.0, 0, factors.count - 1)
    while low <= high {
      if product > 1 {
        product *= factors[low]
        low += 1
      } else {
        product *= factors[high]
        high -= 1
      }
    }
    return product
  }

  @Test(arguments: [1, 2, 7, 40, 130])
  func atTheBoundSoManyAreSeenInOneOfTwenty(count: Int) {
    for agreeing in 1...count {
      let bound = AgreementBound.least(agreeing: agreeing, of: count)
      let tail = (agreeing...count).reduce(0) {
        $0 + probability($1, of: count, share: bound)
      }
      #expect(abs(tail - 0.05) < 1e-5, "\(agreeing) of \(count)")
    }
    #expect(AgreementBound.least(agreeing: 0, of: count) == 0)
    #expect(AgreementBound.most(agreeing: count, of: count) == 1)
  }

  /// Whatever the share, the bound is above it for one sample of inputs in twenty at most.
  @Test(arguments: [0.5, 0.9, 0.98, 0.99, 0.999], [3, 60, 299, 512])
  func theBoundIsSeldomTooHigh(share: Double, count: Int) {
    let wrong = (0...count).reduce(0.0) { sum, agreeing in
      AgreementBound.least(agreeing: agreeing, of: count) > share
        ? sum + probability(agreeing, of: count, share: share) : sum
    }
    #expect(wrong <= 0.05 + 1e-9, "\(share), \(count)")
  }

  /// ln 0.05 / ln p, rounded up: the table of zero failures.
  @Test(arguments: [(0.5, 5), (0.9, 29), (0.95, 59), (0.99, 299), (0.999, 2_995)])
  func theFewestInputsAreThoseOfTheTable(share: Double, fewest: Int) {
    #expect(AgreementBound.fewestSamples(for: share) == fewest)
    #expect(AgreementBound.isTold(share, by: fewest))
    #expect(!AgreementBound.isTold(share, by: fewest - 1))
    #expect(AgreementBound.fewestSamples(for: 1) == nil)
  }

  @Test func manyInputsLeaveTheBoundNearTheShare() {
    let bound = AgreementBound.least(agreeing: 970_000, of: 1_000_000)
    #expect(bound < 0.97 && bound > 0.9697)
    #expect(AgreementBound.least(agreeing: 0, of: 0) == 0)
    #expect(AgreementBound.least(agreeing: 3, of: 2) == 0)
  }
}
