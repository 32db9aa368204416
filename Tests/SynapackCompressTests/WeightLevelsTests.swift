import SynapackSupport
import Testing

@testable import SynapackCompress

/// The level next to a ratio, against a list of all levels.
struct WeightLevelsTests {
  static let kinds: [(levels: WeightLevels, all: [Float])] = [
    (.uniform(bits: 2), [-1, 0, 1]), (.uniform(bits: 3), (-3...3).map(Float.init)),
    (.signs, [-1, 1]), (.powersOfTwo(exponents: 1), [-1, 0, 1]),
    (.powersOfTwo(exponents: 4), [-8, -4, -2, -1, 0, 1, 2, 4, 8]),
  ]

  @Test(arguments: 0..<kinds.count, 0..<5) func isTheNearest(kind: Int, seed: Int) {
    let (levels, all) = WeightLevelsTests.kinds[kind]
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<500 {
      let ratio = (random.unitFloat() - 0.5) * 24
      let found = levels.nearest(ratio)
      #expect(all.contains(found), "\(ratio)")
      let least = all.map { abs($0 - ratio) }.min() ?? 0
      #expect(abs(found - ratio) <= least + 1e-6, "seed \(seed): \(ratio) became \(found)")
    }
  }

  @Test(arguments: 0..<kinds.count) func stepsDownToTheNextSmaller(kind: Int) {
    let (levels, all) = WeightLevelsTests.kinds[kind]
    for level in all {
      let smaller = all.filter { $0.magnitude < level.magnitude && $0 * level >= 0 }
      let next = smaller.max { $0.magnitude < $1.magnitude } ?? level
      #expect(levels.towardsZero(level) == next)
    }
  }

  @Test func whatIsNoNumberHasALevelToo() {
    for (levels, all) in WeightLevelsTests.kinds {
      for ratio in [Float.infinity, -Float.infinity, 0] as [Float] {
        #expect(all.contains(levels.nearest(ratio)), "\(levels) \(ratio)")
      }
    }
  }
}
