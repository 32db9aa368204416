import SynapackCompress
import SynapackConvert
import SynapackSupport
import Testing

/// Second-order compression against brute force, and against rounding that knows no inputs.
struct SecondOrderCompressionTests {
  private func levels(_ result: CompressedRows, _ problem: CompressionProblem) -> [Float] {
    result.rows.indices.filter { $0 % problem.columns < problem.columns - 1 }.map { index in
      let worth = problem.worth[index % problem.columns]
      return result.rows[index] * worth / result.units[index / problem.columns]
    }
  }

  @Test(arguments: 0..<20, [2, 3, 4, 8])
  func everyWeightIsALevelOfItsWidth(seed: Int, bits: Int) throws {
    let drawn = RandomProblem(seed: seed, outputs: 5, weights: 9)
    let result = try SecondOrderCompression(weightBits: bits, threads: 1)
      .compressed(drawn.problem)
    for level in levels(result, drawn.problem) {
      #expect(abs(level - level.rounded()) < 1e-3, "seed \(seed)")
      #expect(abs(level.rounded()) <= Float((1 << (bits - 1)) - 1), "seed \(seed)")
    }
  }

  @Test(arguments: 0..<20, [2, 3, 4])
  func costsLessThanTheNearestLevels(seed: Int, bits: Int) throws {
    let drawn = RandomProblem(seed: seed, outputs: 6, weights: 24)
    let budgets = ["layer": seed % 2 == 0 ? 0 : 0.5]
    let found = try SecondOrderCompression(weightBits: bits, sparsity: budgets, threads: 1)
      .compressed(drawn.problem)
    let nearest = try NearestCompression(weightBits: bits, sparsity: budgets)
      .compressed(drawn.problem)
    #expect(drawn.cost(found.rows) < drawn.cost(nearest.rows), "seed \(seed)")
  }

  /// All ternary rows of four weights on the unit that was chosen, each with its best bias.
  @Test func isOftenTheBestThereIs() throws {
    var best = 0
    for seed in 0..<60 {
      let drawn = RandomProblem(seed: seed, outputs: 1, weights: 4, ridge: 0.1)
      let result = try SecondOrderCompression(weightBits: 2, threads: 1).compressed(drawn.problem)
      let found = drawn.cost(0, result.rows[...])
      var least = Double.infinity
      for code in 0..<81 {
        let levels = [code % 3, code / 3 % 3, code / 9 % 3, code / 27].map { Float($0 - 1) }
        var row = zip(levels, drawn.problem.worth).map { $0 * result.units[0] / $1 }
        row.append(drawn.problem.rows[4])
        let pull = (0..<4).reduce(0.0) {
          $0 + drawn.gram[4 * 5 + $1] * Double(row[$1] - drawn.problem.rows[$1])
        }
        row[4] -= Float(pull / drawn.gram[24])
        least = min(least, drawn.cost(0, row[...]))
      }
      #expect(found > least * 0.999 - 1e-6, "seed \(seed)")
      #expect(found < least * 3 + 1e-6, "seed \(seed)")
      best += found < least * 1.001 + 1e-6 ? 1 : 0
    }
    #expect(best >= 40, "\(best) of 60")
  }

  @Test(arguments: [0.25, 0.5, 0.7, 0.95])
  func removesExactlyWhatIsAsked(sparsity: Double) throws {
    let drawn = RandomProblem(seed: 3, outputs: 10, weights: 20)
    let result = try SecondOrderCompression(
      weightBits: 8, sparsity: ["layer": sparsity], threads: 2
    ).compressed(drawn.problem)
    let zeros = levels(result, drawn.problem).count { $0 == 0 }
    #expect(zeros >= Int((200 * sparsity).rounded()))
    // A kept weight may still round to nothing, few do at eight bits.
    #expect(zeros <= Int((200 * sparsity).rounded()) + 6)
  }

  @Test func layersWithoutABudgetKeepEveryWeight() throws {
    let drawn = RandomProblem(seed: 4, outputs: 4, weights: 12)
    let result = try SecondOrderCompression(
      weightBits: 16, sparsity: ["other": 0.9], threads: 1
    ).compressed(drawn.problem)
    #expect(levels(result, drawn.problem).allSatisfy { $0 != 0 })
  }

  @Test func aReadoutHasOneUnit() throws {
    let drawn = RandomProblem(seed: 5, outputs: 6, weights: 10, sharesUnit: true)
    let result = try SecondOrderCompression(weightBits: 4, threads: 1).compressed(drawn.problem)
    #expect(Set(result.units).count == 1)
  }

  @Test func anUnknownPurposeRoundsEachWeightByItself() throws {
    var problem = RandomProblem(seed: 6, outputs: 4, weights: 12).problem
    problem.equations = nil
    let result = try SecondOrderCompression(weightBits: 8, threads: 1).compressed(problem)
    for (value, given) in zip(result.rows, problem.rows) { #expect(abs(value - given) < 0.02) }
  }

  @Test func silentAndDoubledInputsAreNoReasonToFail() throws {
    var problem = RandomProblem(seed: 7, outputs: 3, weights: 8, ridge: 0).problem
    problem.ridges = [0, 0, 0.1]
    let result = try SecondOrderCompression(
      weightBits: 3, sparsity: ["layer": 0.4], threads: 1
    ).compressed(problem)
    #expect(result.rows.allSatisfy { $0.isFinite })
  }

  @Test func noResultDependsOnTheThreads() throws {
    let drawn = RandomProblem(seed: 8, outputs: 9, weights: 30)
    let results = try [1, 2, 5].map { threads in
      try SecondOrderCompression(weightBits: 4, sparsity: ["layer": 0.5], threads: threads)
        .compressed(drawn.problem)
    }
    for result in results {
      #expect(result.rows == results[0].rows)
      #expect(result.units == results[0].units)
    }
  }
}
