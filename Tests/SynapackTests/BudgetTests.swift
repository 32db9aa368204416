import Synapack
import SynapackSupport
import TestSupport
import Testing

/// Budgets as they are written, and the search that keeps them.
struct BudgetTests {
  @Test(arguments: [
    ("bytes<=64KiB", Budget.Measure.bytes, 65_536.0), ("bytes <= 1.5 MB", .bytes, 1_500_000),
    ("synops<=2e7", .synops, 2e7), ("timesteps<=8", .timesteps, 8), ("cores<=9", .cores, 9),
    ("accuracy-drop<=1", .accuracyDrop, 1),
  ])
  func readsALimit(text: String, measure: Budget.Measure, most: Double) throws {
    let budget = try Budget(text)
    #expect(budget.limits.map(\.measure) == [measure])
    #expect(budget.limits.map(\.most) == [most])
  }

  @Test(arguments: [
    "", "bytes", "bytes<64", "bytes<=", "bytes<=-1", "bytes<=inf", "bytes<=nan", "weight<=3",
    "bytes<=1,bytes<=2", "bytes<=50%", "synops<=2KiB", "accuracy-drop<=1%", "bytes<=1,,synops<=2",
    "bytes==1", "<=", "bytes<=1KiBKiB",
  ])
  func refusesWhatIsNoBudget(text: String) {
    let error = #expect(throws: PackError.self) { try Budget(text) }
    #expect(error?.code == .badOption)
  }

  /// A network whose costs and distance are plain functions of its recipe.
  private static func model(_ recipe: Recipe) -> Candidate {
    let kept = 1 - recipe.sparsity
    let bytes = 1_000 * Double(recipe.weightBits) / 8 * kept
    let operations = 1e6 * kept * Double(recipe.timesteps) / 16 / (1 + recipe.spikePrice / 4)
    let coarse = 0.02 * Double(8 - recipe.weightBits) * Double(8 - recipe.weightBits)
    let distance =
      0.1 + coarse + recipe.sparsity * recipe.sparsity + 2 / Double(recipe.timesteps)
      + recipe.spikePrice / 40
    return Candidate(
      recipe: recipe, bytes: Int(bytes), cores: nil, operations: operations,
      agreement: 1 - distance / 10, accuracy: nil, distance: distance)
  }

  @Test(arguments: [
    "bytes<=400", "synops<=3e5", "bytes<=300,synops<=2e5", "timesteps<=5", "bytes<=900",
    "bytes<=10000",
  ])
  func keepsABudgetAndIsNearlyTheBest(text: String) throws {
    let budget = try Budget(text)
    let outcome = try BudgetSearch(budget).run(
      from: Recipe(), base: Recipe(), measure: BudgetTests.model)
    #expect(outcome.keepsBudget)
    let winner = outcome.candidates[outcome.winner]
    var least = Double.infinity
    for bits in [8, 6, 5, 4, 3, 2] {
      for sparsity in [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95] {
        for price in [0, 0.5, 1, 2, 4, 8, 16] {
          for timesteps in [16, 12, 9, 6, 4, 3, 2, 1] {
            var recipe = Recipe()
            (recipe.weightBits, recipe.sparsity) = (bits, sparsity)
            (recipe.spikePrice, recipe.timesteps) = (price, timesteps)
            let candidate = BudgetTests.model(recipe)
            let keeps = budget.limits.allSatisfy { limit in
              switch limit.measure {
              case .bytes: Double(candidate.bytes) <= limit.most
              case .synops: candidate.operations <= limit.most
              case .timesteps: Double(timesteps) <= limit.most
              case .cores, .accuracyDrop: true
              }
            }
            if keeps { least = min(least, candidate.distance) }
          }
        }
      }
    }
    #expect(winner.distance <= least * 1.35, "\(winner.distance) beside \(least)")
    #expect(outcome.candidates.count < 60)
  }

  @Test func whatCannotBeKeptIsSaid() throws {
    let outcome = try BudgetSearch(try Budget("bytes<=1"))
      .run(from: Recipe(), base: Recipe(), measure: BudgetTests.model)
    #expect(!outcome.keepsBudget)
    // The closest of all that was tried.
    let bytes = outcome.candidates.map(\.bytes)
    #expect(outcome.candidates[outcome.winner].bytes == bytes.min())
  }

  @Test func accuracyThatIsGoneIsNotBoughtWithMoreCompression() throws {
    let outcome = try BudgetSearch(try Budget("bytes<=100,accuracy-drop<=0.1"))
      .run(from: Recipe(), base: Recipe(), measure: BudgetTests.model)
    #expect(!outcome.keepsBudget)
  }

  @Test func nothingIsMeasuredTwice() throws {
    let outcome = try BudgetSearch(try Budget("bytes<=120,synops<=1e5"))
      .run(from: Recipe(), base: Recipe(), measure: BudgetTests.model)
    #expect(Set(outcome.candidates.map(\.recipe)).count == outcome.candidates.count)
  }

  @Test func accuracyDropsFromTheNetworkBeforeCompression() throws {
    var start = Recipe()
    start.sparsity = 0.8
    let budget = try Budget("bytes<=900,accuracy-drop<=1")
    let outcome = try BudgetSearch(budget)
      .run(from: start, base: Recipe(), measure: BudgetTests.model)
    #expect(outcome.candidates[0].recipe == Recipe())
    #expect(outcome.candidates[1].recipe == start)
    // What it starts from has lost more already than may be lost.
    #expect(!outcome.keepsBudget)
  }

  @Test func levelsAndPatternsAreNotTurnedIntoOthers() throws {
    var start = Recipe()
    (start.weightLevels, start.weightBits, start.prune) = ("power-of-two", 4, "2:4")
    let outcome = try BudgetSearch(try Budget("bytes<=1,synops<=1"))
      .run(from: start, base: Recipe(), measure: BudgetTests.model)
    for candidate in outcome.candidates.dropFirst() {
      #expect(candidate.recipe.weightBits == 4 && candidate.recipe.sparsity == 0)
    }
  }

  @Test func whatCompressFindsIsWhatConvertWrites() throws {
    var recipe = Recipe()
    (recipe.timesteps, recipe.preprocess, recipe.weightBits) = (2, "scale=1/16", 4)
    let model = Fixtures.path("digits/mlp.torchscript17.onnx")
    let calibration = Fixtures.path("digits/calibration_x.npy")
    let job = Job(recipe: recipe, threads: 2, instruments: .still)
    var (report, other) = (Report(), Report())
    let found = try job.compress(CompressRequest(model: model, calibration: calibration), &report)
    let written = try job.convert(model: model, calibration: calibration, &other)
    #expect(found.converted.bytes == written.bytes)
    #expect(report == other)
  }

  @Test func theFrontHoldsWhatNothingBeats() throws {
    let outcome = try BudgetSearch(try Budget("bytes<=200,synops<=2e5"))
      .run(from: Recipe(), base: Recipe(), measure: BudgetTests.model)
    for index in outcome.pareto {
      let own = outcome.candidates[index]
      for other in outcome.candidates {
        let better =
          other.bytes <= own.bytes && other.operations <= own.operations
          && other.distance < own.distance
        #expect(!better)
      }
    }
    #expect(outcome.pareto.contains(0))
  }

  @Test func compressesADigitsNetworkUnderABudget() throws {
    var recipe = Recipe()
    (recipe.timesteps, recipe.preprocess) = (4, "scale=1/16")
    var request = CompressRequest(
      model: Fixtures.path("digits/cnn-average.torchscript17.onnx"),
      calibration: Fixtures.path("digits/calibration_x.npy"))
    request.data = Fixtures.path("digits/test_x.npy")
    request.labels = Fixtures.path("digits/test_y.npy")
    request.budget = try Budget("timesteps<=3,accuracy-drop<=3")
    var report = Report()
    let result = try Job(recipe: recipe, threads: 2, instruments: .still)
      .compress(request, &report)
    #expect(result.outcome.keepsBudget)
    #expect(result.converted.timesteps == 3)
    let winner = result.outcome.candidates[result.outcome.winner]
    #expect(winner.bytes == result.converted.bytes.count)
    let before = try #require(result.outcome.candidates[0].accuracy)
    let after = try #require(winner.accuracy)
    #expect(after >= before - 0.03)
  }
}
