import SynapackConvert
import SynapackSupport
import Testing

@testable import SynapackCompress

/// N:M sparsity, levels with gaps and priced bits, on drawn problems.
struct PruningPatternTests {
  private func levels(_ result: CompressedRows, _ problem: CompressionProblem) -> [[Float]] {
    (0..<problem.outputs).map { row in
      (0..<problem.columns - 1).map { column in
        (result.rows[row * problem.columns + column] * problem.worth[column] / result.units[row])
          .rounded()
      }
    }
  }

  @Test(arguments: 0..<10, [(2, 4), (1, 4), (1, 2), (4, 8)])
  func noGroupKeepsMoreThanItMay(seed: Int, pattern: (kept: Int, size: Int)) throws {
    // 22 is no multiple of 4 or 8: the last group of a row is short.
    let drawn = RandomProblem(seed: seed, outputs: 5, weights: 22)
    let plan = PruningPlan.groups(kept: pattern.kept, size: pattern.size)
    let second = try SecondOrderCompression(levels: .uniform(bits: 8), pruning: plan, threads: 2)
      .compressed(drawn.problem)
    let nearest = try NearestCompression(levels: .uniform(bits: 8), pruning: plan)
      .compressed(drawn.problem)
    for result in [second, nearest] {
      for row in levels(result, drawn.problem) {
        for start in stride(from: 0, to: row.count, by: pattern.size) {
          let group = row[start..<min(start + pattern.size, row.count)]
          #expect(group.count { $0 != 0 } <= pattern.kept, "seed \(seed)")
        }
      }
    }
    #expect(drawn.cost(second.rows) < drawn.cost(nearest.rows), "seed \(seed)")
  }

  /// Every choice of one weight of each pair, each solved on what stays.
  @Test func isOftenTheBestPattern() throws {
    var best = 0
    for seed in 0..<40 {
      let drawn = RandomProblem(seed: seed, outputs: 1, weights: 6, ridge: 0.1)
      let result = try SecondOrderCompression(
        levels: .uniform(bits: 16), pruning: .groups(kept: 1, size: 2), threads: 1
      ).compressed(drawn.problem)
      let metric = RowMetric(drawn.problem, ridge: 0.1)
      let product = metric.product(drawn.problem.rows)
      var least = Double.infinity
      for code in 0..<8 {
        let columns = (0..<3).map { 2 * $0 + (code >> $0 & 1) } + [6]
        guard let values = metric.solved(product, on: columns) else { continue }
        var row = Array(repeating: Float(0), count: 7)
        for (column, value) in zip(columns, values) { row[column] = value }
        least = min(least, drawn.cost(0, row[...]))
      }
      let found = drawn.cost(0, result.rows[...])
      #expect(found > least * 0.99 - 1e-6, "seed \(seed)")
      best += found < least * 1.01 + 1e-6 ? 1 : 0
    }
    #expect(best >= 20, "\(best) of 40")
  }

  @Test(arguments: 0..<10) func levelsWithGapsAreHeld(seed: Int) throws {
    let drawn = RandomProblem(seed: seed, outputs: 4, weights: 12)
    for kind in [WeightLevels.powersOfTwo(exponents: 3), .signs] {
      let result = try SecondOrderCompression(levels: kind, threads: 1).compressed(drawn.problem)
      for level in levels(result, drawn.problem).joined() {
        #expect(kind.nearest(level) == level, "seed \(seed): \(kind) holds \(level)")
      }
      let nearest = try NearestCompression(levels: kind).compressed(drawn.problem)
      #expect(drawn.cost(result.rows) < drawn.cost(nearest.rows), "seed \(seed)")
    }
  }

  @Test(arguments: 0..<10) func dearBitsAreFewer(seed: Int) throws {
    let drawn = RandomProblem(seed: seed, outputs: 6, weights: 30)
    func stored(_ price: Double) throws -> (bits: Double, cost: Double) {
      let result = try SecondOrderCompression(
        levels: .uniform(bits: 4), price: price > 0 ? BitPrice(weight: price, weights: 180) : nil,
        threads: 1
      ).compressed(drawn.problem)
      return (entropy(levels(result, drawn.problem).flatMap { $0 }), drawn.cost(result.rows))
    }
    let (free, dear, dearest) = try (stored(0), stored(0.02), stored(0.5))
    #expect(dear.bits < free.bits && dearest.bits < dear.bits, "seed \(seed)")
    #expect(free.cost < dear.cost && dear.cost < dearest.cost, "seed \(seed)")
  }

  /// What an entropy coder needs, but for a concave stand-in that needs no logarithm.
  private func entropy(_ levels: [Float]) -> Double {
    let counts = Dictionary(grouping: levels, by: { $0 }).values.map { Double($0.count) }
    return counts.reduce(0) { $0 + $1.squareRoot() }
  }
}
