import SynapackDense
import SynapackSupport
import Testing

/// Columns taken out, against the least squares of the columns that are left.
struct BlockEliminationTests {
  private struct Problem {
    let columns: Int
    let outputs: Int
    let features: [Float]
    let targets: [Float]
    let observations: Int
    let ridge: Float = 0.01

    init(seed: Int) {
      var random = SeededGenerator(seed: UInt64(seed))
      let (columns, outputs, observations) = (5 + seed % 7, 1 + seed % 3, 60)
      (self.columns, self.outputs, self.observations) = (columns, outputs, observations)
      features = (0..<columns * observations).map { index in
        index / observations == columns - 1 ? 1 : random.unitFloat() * 4 - 1
      }
      targets = (0..<outputs * observations).map { _ in random.unitFloat() * 6 - 3 }
    }

    /// The problem where only some columns are there.
    func equations(_ kept: [Int]) -> NormalEquations {
      var equations = NormalEquations(columns: kept.count, outputs: outputs)
      let rows = kept.flatMap { features[$0 * observations..<($0 + 1) * observations] }
      equations.add(features: rows, targets: targets, observations: observations)
      return equations
    }
  }

  @Test(arguments: 0..<60) func theCostIsWhatTheBestRestLoses(seed: Int) throws {
    let problem = Problem(seed: seed)
    let all = Array(0..<problem.columns)
    let whole = problem.equations(all)
    let metric = whole.metric(ridge: problem.ridge)
    let weights = try #require(whole.solution(ridge: problem.ridge))
    var elimination = try #require(
      BlockElimination(metric: metric, weights: weights, outputs: problem.outputs))
    // Two blocks, one after the other, of which the second is judged without the first.
    let blocks = [1..<2, 3..<min(5, problem.columns - 1)]
    var gone = Set<Int>()
    for block in blocks {
      let before = loss(metric, weights, without: gone, problem)
      gone.formUnion(block)
      let after = loss(metric, weights, without: gone, problem)
      let cost = elimination.cost(of: block)
      #expect(
        abs(cost - (after - before)) < 2e-3 * (1 + after), "seed \(seed), \(block): \(cost)")
      elimination.remove(block)
    }
  }

  /// min over X with zero columns of tr((X − W) H (X − W)ᵀ), by solving for the rest of the columns.
  private func loss(
    _ metric: [Float], _ weights: [Float], without gone: Set<Int>, _ problem: Problem
  ) -> Double {
    let n = problem.columns
    let left = (0..<n).filter { !gone.contains($0) }
    var total = 0.0
    for output in 0..<problem.outputs {
      let w = (0..<n).map { Double(weights[output * n + $0]) }
      func h(_ i: Int, _ j: Int) -> Double { Double(metric[min(i, j) * n + max(i, j)]) }
      // H_LL d = H_LG w_G for the change d of what is left.
      var matrix = left.map { i in
        left.map { j in h(i, j) } + [gone.reduce(0.0) { $0 + h(i, $1) * w[$1] }]
      }
      for pivot in left.indices {
        for row in left.indices where row != pivot {
          let factor = matrix[row][pivot] / matrix[pivot][pivot]
          for column in pivot...left.count { matrix[row][column] -= factor * matrix[pivot][column] }
        }
      }
      var change = (0..<n).map { gone.contains($0) ? -w[$0] : 0 }
      for (row, place) in left.enumerated() {
        change[place] = matrix[row][left.count] / matrix[row][row]
      }
      for i in 0..<n { for j in 0..<n { total += change[i] * h(i, j) * change[j] } }
    }
    return total
  }

  @Test func whatIsNotPositiveDefiniteHasNone() {
    #expect(BlockElimination(metric: [0, 0, 0, 0], weights: [1, 1], outputs: 1) == nil)
  }
}
