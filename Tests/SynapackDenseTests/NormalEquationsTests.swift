import SynapackDense
import SynapackSupport
import Testing

/// Least squares by sums against elimination in double precision.
struct NormalEquationsTests {
  @Test(arguments: 0..<40) func solutionsAreThoseOfElimination(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let (columns, outputs) = (1 + seed % 9, 1 + seed % 4)
    let counts = [columns * 3 + 5, 17, 40]
    let ridge: Float = [0, 0.01, 1][seed % 3]
    var whole = NormalEquations(columns: columns, outputs: outputs)
    var gram = Array(repeating: Array(repeating: 0.0, count: columns), count: columns)
    var cross = Array(repeating: Array(repeating: 0.0, count: columns), count: outputs)
    var power = Array(repeating: 0.0, count: outputs)
    for count in counts {
      // The last feature is the bias's.
      let features = (0..<columns * count).map { index in
        index / count == columns - 1 ? 1 : random.unitFloat() * 4 - 1
      }
      let targets = (0..<outputs * count).map { _ in random.unitFloat() * 10 - 5 }
      var part = NormalEquations(columns: columns, outputs: outputs)
      part.add(features: features, targets: targets, observations: count)
      whole.add(part)
      for at in 0..<count {
        for i in 0..<columns {
          let feature = Double(features[i * count + at])
          for j in 0..<columns { gram[i][j] += feature * Double(features[j * count + at]) }
          for o in 0..<outputs { cross[o][i] += feature * Double(targets[o * count + at]) }
        }
        for o in 0..<outputs {
          power[o] += Double(targets[o * count + at]) * Double(targets[o * count + at])
        }
      }
    }
    #expect(whole.count == counts.reduce(0, +))
    let solution = try #require(whole.solution(ridge: ridge), "seed \(seed)")
    let penalty =
      (0..<columns - 1).reduce(0.0) { $0 + gram[$1][$1] } / Double(max(1, columns - 1))
      * Double(ridge)
    var held = gram
    for i in 0..<columns - 1 { held[i][i] += penalty }
    for o in 0..<outputs {
      let expected = eliminated(held, cross[o])
      for i in 0..<columns {
        let error = abs(Double(solution[o * columns + i]) - expected[i])
        #expect(error < 2e-3 * (1 + abs(expected[i])), "seed \(seed), \(o), \(i)")
      }
      // ‖r − X f‖² − ‖r‖² from its definition.
      let x = (0..<columns).map { Double(solution[o * columns + $0]) }
      var change = 0.0
      for i in 0..<columns {
        change -= 2 * x[i] * cross[o][i]
        for j in 0..<columns { change += x[i] * gram[i][j] * x[j] }
      }
      #expect(abs(whole.error(of: solution)[o] - change) < 1e-3 * power[o], "seed \(seed)")
    }
  }

  @Test func sumsThatDecideNothingHaveNoSolution() {
    let empty = NormalEquations(columns: 3, outputs: 1)
    #expect(empty.solution(ridge: 0) == nil)
    // Two equal features and no ridge: nobody can tell them apart.
    var equal = NormalEquations(columns: 3, outputs: 1)
    equal.add(
      features: [1, 2, 3, 1, 2, 3, 1, 1, 1], targets: [1, 2, 3], observations: 3)
    #expect(equal.solution(ridge: 0.1) != nil)
  }

  private func eliminated(_ matrix: [[Double]], _ values: [Double]) -> [Double] {
    var rows = zip(matrix, values).map { $0 + [$1] }
    let count = rows.count
    for pivot in 0..<count {
      let best = (pivot..<count).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
      rows.swapAt(pivot, best)
      for row in 0..<count where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...count { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
