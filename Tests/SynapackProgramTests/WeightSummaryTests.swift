import SynapackProgram
import SynapackSupport
import Testing

/// One pass over the weights gives what separate passes would.
struct WeightSummaryTests {
  private func check(_ values: [Int16], channels: Int) {
    let summary = WeightSummary(values, channels: channels)
    #expect(summary.lowest == min(0, values.min() ?? 0))
    #expect(summary.highest == max(0, values.max() ?? 0))
    #expect(summary.nonzero == values.count { $0 != 0 })
    let taps = channels > 0 ? values.count / channels : 0
    let rows = taps > 0 ? (0..<channels).map { values[$0 * taps..<($0 + 1) * taps] } : []
    #expect(summary.rises == rows.map { $0.reduce(0) { $0 + max(0, Int64($1)) } })
    #expect(summary.falls == rows.map { $0.reduce(0) { $0 + min(0, Int64($1)) } })
  }

  @Test func sumsAndLimitsAreThoseOfSeparatePasses() {
    var generator = SeededGenerator(seed: 41)
    for round in 0..<200 {
      let count = Int.random(in: 0...64, using: &generator)
      let width = Int16.random(in: 1...Int16.max, using: &generator)
      let values = (0..<count).map { _ in
        round % 3 == 0 ? 0 : Int16.random(in: -width...width, using: &generator)
      }
      check(values, channels: Int.random(in: 0...9, using: &generator))
    }
  }

  /// A row that is longer than what 32 bits can sum of the largest weights.
  @Test(arguments: [Int16.min, Int16.max])
  func longRowsOfTheLargestWeightsDoNotWrap(value: Int16) {
    check(Array(repeating: value, count: 3 << 16 | 5), channels: 1)
  }
}
