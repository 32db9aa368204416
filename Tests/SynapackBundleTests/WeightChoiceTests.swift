import SynapackSupport
import Testing

@testable import SynapackBundle

/// The encoding that is chosen is the smallest, and of equal ones the first.
struct WeightChoiceTests {
  /// The bytes of dense, bitmap and index, each written out.
  private func sizes(_ values: [Int16], bits: Int) -> [Int] {
    func packed(_ count: Int) -> Int { (count * bits + 7) / 8 }
    var gaps: [UInt8] = []
    var passed = 0
    for value in values {
      passed += value == 0 ? 1 : 0
      guard value != 0 else { continue }
      Varint.put(passed, into: &gaps)
      passed = 0
    }
    let nonzero = values.count { $0 != 0 }
    let index = gaps.count + packed(nonzero)
    return [
      packed(values.count), (values.count + 7) / 8 + packed(nonzero),
      values.count <= index * BundleLimits.weightsPerIndexByte ? index : Int.max,
    ]
  }

  @Test func theSmallestIsChosenAtEveryDensity() throws {
    var generator = SeededGenerator(seed: 67)
    var chosen: Set<WeightEncoding> = []
    for round in 0..<3000 {
      let bits = Int.random(in: 2...16, using: &generator)
      let count = Int.random(in: 0...300, using: &generator)
      let density = Double.random(in: 0...1, using: &generator)
      let limit = Int16.max >> Int16(16 - bits)
      let values = (0..<count).map { _ -> Int16 in
        let isThere = Double.random(in: 0..<1, using: &generator) < density
        return isThere ? Int16.random(in: 1...limit, using: &generator) : 0
      }
      let sizes = sizes(values, bits: bits)
      let best = try #require(sizes.indices.min { (sizes[$0], $0) < (sizes[$1], $1) })
      let choice = WeightCoding.choice(of: values, bits: bits)
      #expect(choice.0 == WeightEncoding.allCases[best], "seed 67, round \(round)")
      #expect(choice.nonzero == values.count { $0 != 0 }, "seed 67, round \(round)")
      chosen.insert(choice.0)
    }
    #expect(chosen.count == WeightEncoding.allCases.count)
  }
}
