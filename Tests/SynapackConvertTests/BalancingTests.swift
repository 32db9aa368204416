import SynapackConvert
import SynapackGraph
import SynapackSupport
import SynapackTensor
import TestSupport
import Testing

/// Thresholds against their definitions, computed slowly.
struct BalancingTests {
  private func values(_ seed: Int) -> [Float] {
    var random = SeededGenerator(seed: UInt64(seed))
    let scale = Float.random(in: 0.01...100, using: &random)
    return (0..<Int.random(in: 1...300, using: &random)).map { _ in
      let value = random.unitFloat()
      return random.unitFloat() < 0.3 ? 0 : value * value * scale
    }
  }

  @Test(arguments: 0..<60) func leastSquaresIsTheBestOfItsGrid(seed: Int) throws {
    let values = values(seed)
    let levels = Levels(timesteps: [1, 3, 16, 64][seed % 4], upper: [1, 3, 15][seed % 3])
    guard let maximum = values.max(), maximum > 0 else { return }
    let chosen = try #require(
      MMSE.threshold(values: values, maximum: maximum, levels: levels), "seed \(seed)")
    let largest = Double(maximum) / Double(levels.upper)
    let errors = (0..<95).map { step in
      squaredError(values, largest * (1 - 0.01 * Double(step)), levels)
    }
    let least = try #require(errors.min())
    let own = squaredError(values, Double(chosen), levels)
    #expect(own <= least * 1.001 + 1e-9 * largest * largest, "seed \(seed)")
    let step = (1 - Double(chosen) / largest) * 100
    #expect(abs(step - step.rounded()) < 1e-3 && (-1e-3...94.001).contains(step), "seed \(seed)")
  }

  private func squaredError(_ values: [Float], _ theta: Double, _ levels: Levels) -> Double {
    let ticks = Double(levels.timesteps)
    return values.reduce(0) { sum, value in
      let count = min(
        (Double(value) * ticks / theta + 0.5).rounded(.down), Double(levels.upper) * ticks)
      let error = Double(value) - theta / ticks * count
      return sum + error * error
    }
  }

  @Test(arguments: 0..<40) func percentileIsARankOfTheSortedValues(seed: Int) {
    let values = values(seed)
    let maximum = values.max() ?? 0
    let upper = [1, 3, 15][seed % 3]
    let chosen = Percentile.threshold(
      values: values, maximum: maximum, levels: Levels(timesteps: 8, upper: upper))
    guard maximum > 0 else { return #expect(chosen == nil) }
    // The smallest value that at least 99.9 % of the values do not exceed.
    let robust = values.sorted().first { candidate in
      values.count { $0 <= candidate } * 1000 >= values.count * 999
    }
    let expected = robust.map { $0 > 0 ? $0 : maximum }.map { $0 / Float(upper) }
    #expect(chosen == expected, "seed \(seed)")
  }

  @Test(arguments: 0..<20) func maximumClipsNothingThatWasSeen(seed: Int) {
    let values = values(seed)
    let maximum = (values.max() ?? 0) * 1.5
    let upper = [1, 3, 15][seed % 3]
    let chosen = Maximum.threshold(
      values: values, maximum: maximum, levels: Levels(timesteps: 8, upper: upper))
    guard maximum > 0 else { return #expect(chosen == nil) }
    #expect(chosen == maximum / Float(upper), "seed \(seed)")
  }

  @Test func outliersAreCutAndRareValuesKept() {
    let levels = Levels(timesteps: 8, upper: 1)
    let many = Array(repeating: Float(1), count: 9_999) + [1_000]
    #expect(Percentile.threshold(values: many, maximum: 1_000, levels: levels) == 1)
    let rare = Array(repeating: Float(0), count: 9_999) + [5]
    #expect(Percentile.threshold(values: rare, maximum: 5, levels: levels) == 5)
  }

  @Test(arguments: BalancingMethods.all.map { $0.id })
  func silentChannelsHaveNone(id: String) throws {
    let method = try #require(BalancingMethods.named(id))
    let levels = Levels(timesteps: 4, upper: 1)
    for maximum in [0, -1, Float.nan] {
      #expect(method.threshold(values: [0, 0], maximum: maximum, levels: levels) == nil)
    }
    #expect(BalancingMethods.named("none") == nil)
  }

  /// The threshold of a channel without a positive value is of the size of its values, as those of
  /// the others are.
  @Test func deadChannelsFollowTheirValuesAndAreReported() throws {
    var b = try GraphBuilder(seed: 1, input: [3])
    let dead = try b.linear(b.input, 4, bias: false)
    let output = try b.linear(b.relu(dead, name: "layer"), 2)
    let graph = try b.graph(output)
    let name = try #require(graph.nodes.first?.op.payload.weightNames.first)
    let samples = b.samples(20)
    // No input gives the first channel a positive value.
    func thresholds(scale: Float) throws -> [Float] {
      let conversion = try Conversion(
        settingRow(graph, name, scale), samples,
        ConversionOptions(timesteps: 4, method: "percentile"))
      #expect(conversion.report.findings.contains { $0.code == .deadChannels })
      return try #require(conversion.balance.thresholds["layer"])
    }
    let (one, eight) = try (thresholds(scale: 1), thresholds(scale: 8))
    #expect(one[1...] == eight[1...])
    #expect(one[0] > 0 && abs(eight[0] - 8 * one[0]) < 1e-5)
  }

  @Test func unknownMethodsAndMissingSamplesAreRefused() throws {
    var b = try GraphBuilder(seed: 1, input: [3])
    let output = try b.relu(b.linear(b.input, 4))
    let graph = try b.graph(output)
    let samples = b.samples(2)
    func code(_ samples: [Float], _ method: String = "mmse") -> ErrorCode? {
      do {
        _ = try Conversion(graph, samples, ConversionOptions(timesteps: 4, method: method))
        return nil
      } catch { return error.code }
    }
    #expect(code(samples, "none") == .unknownName)
    #expect(code([]) == .emptyCalibration)
    #expect(code([0.5]) == .emptyCalibration)
    #expect(code(samples + [0.5]) == .wrongDataShape)
    #expect(code([0.5, .nan, 0]) == .notFinite)
    #expect(code([0.5, .infinity, 0]) == .notFinite)
    #expect(code([0, 0, 0]) == nil)
  }
}

/// The graph with the first row of the matrix `name` made negative.
private func settingRow(
  _ graph: Graph<Analog>, _ name: String, _ scale: Float
) throws -> Graph<Analog> {
  let matrix = try graph.weights.tensor(name)
  let row = matrix.shape[1]
  let values = matrix.floats().enumerated().map { $0 < row ? scale * (-abs($1) - 0.1) : abs($1) }
  var draft = graph.draft
  draft.weights[name] = try Tensor(shape: matrix.shape, floats: values)
  return try Graph(verifying: draft)
}
