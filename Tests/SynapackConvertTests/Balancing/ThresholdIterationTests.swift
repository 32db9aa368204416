import SynapackConvert
import SynapackSupport
import TestSupport
import Testing

/// The closed form against a search for the least squared error by numerical integration.
struct ThresholdIterationTests {
  /// E[(max(z, a·∞) − δ·q)²] for z ~ N(μ, σ²), by the rule of Simpson.
  private func squaredError(
    _ step: Double, _ mean: Double, _ deviation: Double, _ counts: ClosedRange<Int>
  ) -> Double {
    let intervals = 6_000
    let (low, width) = (mean - 9 * deviation, 18 * deviation / Double(intervals))
    var sum = 0.0
    for index in 0...intervals {
      let z = low + width * Double(index)
      let weight = index == 0 || index == intervals ? 1.0 : (index % 2 == 1 ? 4 : 2)
      let wanted = counts.lowerBound == 0 ? max(z, 0) : z
      let count = min(
        max((z / step + 0.5).rounded(.down), Double(counts.lowerBound)),
        Double(counts.upperBound))
      let u = (z - mean) / deviation
      sum += weight * gauss(u) * (wanted - step * count) * (wanted - step * count)
    }
    return sum * width / 3 / deviation
  }

  /// exp(−u²/2), by the series with the argument halved until it converges fast.
  private func gauss(_ u: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    let x = -u * u / 2 / 1_024
    for index in 1...12 {
      term *= x / Double(index)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }

  @Test(arguments: [
    (0.0, 1.0, 4, 0...4, 2.135), (-0.5, 1, 8, 0...8, 2.243), (0.2, 1, 4, -4...4, 2.177),
  ]) func givesThePublishedThresholds(
    mean: Double, deviation: Double, levels: Int, counts: ClosedRange<Int>, expected: Double
  ) throws {
    let step = try #require(
      ThresholdIteration.step(mean: mean, deviation: deviation, counts: counts))
    #expect(abs(step * Double(levels) - expected) < 0.001)
  }

  @Test(arguments: 0..<24) func noStepOfAGridIsBetter(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let deviation = Double.random(in: 0.01...50, using: &random)
    let mean = deviation * Double.random(in: -2.5...2.5, using: &random)
    let most = [1, 2, 5, 16, 64][seed % 5]
    let counts = (seed % 3 == 2 ? -most : 0)...most
    let step = try #require(
      ThresholdIteration.step(mean: mean, deviation: deviation, counts: counts))
    let own = squaredError(step, mean, deviation, counts)
    let reach = (mean.magnitude + 6 * deviation) * 2 / Double(most)
    let errors = (1...300).map {
      squaredError(reach * Double($0) / 300, mean, deviation, counts)
    }
    let least = try #require(errors.min())
    #expect(own <= least * 1.0001, "seed \(seed): \(step)")
  }

  @Test(arguments: 0..<20) func followsTheScaleOfTheValues(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let values = (0..<400).map { _ in random.unitFloat() * 2 - 1.3 }
    let levels = Levels(timesteps: [1, 4, 32][seed % 3], upper: [1, 7, 16_383][seed / 3 % 3])
    func threshold(_ factor: Float) -> Float? {
      let raw = values.map { $0 * factor }
      return ThresholdIteration.threshold(
        ChannelValues(
          carried: raw.map { max($0, 0) }, maximum: raw.max() ?? 0, raw: raw, hasBothSigns: false),
        levels: levels)
    }
    let one = try #require(threshold(1))
    let scaled = try #require(threshold(1_024))
    #expect(abs(scaled / one - 1_024) < 0.1, "seed \(seed)")
    #expect(one * Float(levels.upper) < 4 && one > 0)
  }

  @Test func valuesThatDoNotVaryGetTheLargest() {
    let levels = Levels(timesteps: 8, upper: 2)
    #expect(ThresholdIteration.threshold(values: [3, 3, 3], maximum: 3, levels: levels) == 1.5)
    #expect(ThresholdIteration.threshold(values: [], maximum: 3, levels: levels) == 1.5)
    // Far below zero but for one value that was not kept.
    let low = ThresholdIteration.threshold(
      ChannelValues(
        carried: [0, 0], maximum: 5, raw: [-1_000, -1_000.001], hasBothSigns: false),
      levels: levels)
    #expect(low == 2.5)
  }
}
