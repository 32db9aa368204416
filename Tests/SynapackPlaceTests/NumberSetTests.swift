import SynapackSupport
import Testing

@testable import SynapackPlace

@Suite struct NumberSetTests {
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func whatIsInBothIsWhatSetsSay(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let bound = Int.random(in: 1...300, using: &random)
    func drawn() -> (bits: NumberSet, plain: Set<Int>) {
      let (first, last) = (Int.random(in: 0..<bound, using: &random), bound)
      let numbers = (first..<last).filter { _ in Bool.random(using: &random) }
      return (NumberSet(ascending: numbers.map { Int32($0) }), Set(numbers))
    }
    let (first, second, third) = (drawn(), drawn(), drawn())
    let both = first.bits.intersection(second.bits)
    #expect(both.isEmpty == first.plain.isDisjoint(with: second.plain), "seed \(seed)")
    var common: [Int] = []
    both.forEachCommon(with: third.bits) { common.append($0) }
    let expected = first.plain.intersection(second.plain).intersection(third.plain).sorted()
    #expect(common == expected, "seed \(seed)")
  }
}
