import SynapackConvert
import SynapackSupport
import TestSupport
import Testing

/// The thresholds that grow against their definition, computed slowly.
struct LocalThresholdTests {
  private func values(_ seed: Int) -> [Float] {
    var random = SeededGenerator(seed: UInt64(seed))
    return (0..<Int.random(in: 1...200, using: &random)).map { _ in
      let value = random.unitFloat()
      return random.unitFloat() < 0.4 ? 0 : value * value * 20
    }
  }

  @Test(arguments: 0..<40) func followsItsEquation(seed: Int) throws {
    let values = values(seed)
    guard let maximum = values.max(), maximum > 0 else { return }
    let levels = Levels(timesteps: [1, 3, 16, 100][seed % 4], upper: [1, 3][seed % 2])
    var threshold = 0.0
    for _ in 0..<LocalThreshold.steps(timesteps: levels.timesteps) {
      let excess = values.reduce(0.0) { $0 + max(0, Double($1) - threshold) }
      threshold += excess / Double(values.count)
    }
    let chosen = try #require(
      LocalThreshold.threshold(values: values, maximum: maximum, levels: levels))
    let expected = threshold / Double(levels.upper)
    #expect(abs(Double(chosen) - expected) <= 1e-5 * expected, "seed \(seed)")
    #expect(chosen * Float(levels.upper) <= maximum * 1.00001)
  }

  @Test func moreTicksClipLessAndRareValuesAreCarried() throws {
    let values = values(7)
    let maximum = try #require(values.max())
    let thresholds = [1, 2, 8, 64, 4_096].compactMap {
      LocalThreshold.threshold(
        values: values, maximum: maximum, levels: Levels(timesteps: $0, upper: 1))
    }
    #expect(thresholds.count == 5 && thresholds == thresholds.sorted())
    #expect(LocalThreshold.steps(timesteps: 4_096) == 2_048)
    let levels = Levels(timesteps: 4, upper: 2)
    #expect(LocalThreshold.threshold(values: [0, 0], maximum: 6, levels: levels) == 3)
  }
}
