import SynapackConvert
import SynapackSupport
import Testing

@testable import SynapackCompress

/// Weights of four values a neuron, one for each type of axon.
struct AxonTableTests {
  /// Every set of weights that could have a synapse, tried.
  @Test(arguments: 0..<60) func aValueIsTheBestOfAllSets(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let parts = (0..<Int.random(in: 1...8, using: &random)).map { _ in
      (value: random.unitFloat() * 2 - 1, weight: 0.1 + random.unitFloat())
    }
    func cost(_ value: Float) -> Float {
      parts.reduce(0) {
        $0 + $1.weight * min($1.value * $1.value, ($1.value - value) * ($1.value - value))
      }
    }
    var least = cost(0)
    for set in 1..<1 << parts.count {
      let chosen = parts.indices.filter { set >> $0 & 1 == 1 }.map { parts[$0] }
      let weight = chosen.reduce(0) { $0 + $1.weight }
      least = min(least, cost(chosen.reduce(0) { $0 + $1.weight * $1.value } / weight))
    }
    #expect(cost(AxonTypes.value(of: parts)) <= least * 1.0001, "seed \(seed)")
  }

  private func cost(_ rows: [[Float]], _ types: [Int]) -> Float {
    rows.reduce(0) { sum, row in
      let values = (0..<AxonTypes.count).map { type in
        AxonTypes.value(of: zip(row, types).filter { $0.1 == type }.map { ($0.0, 1) })
      }
      return sum
        + zip(row, types).reduce(0) { sum, pair in
          let off = pair.0 - values[pair.1]
          return sum + min(pair.0 * pair.0, off * off)
        }
    }
  }

  /// Types are chosen in turn with tables and may miss the best of all; not by much on the average.
  @Test func typesAreNearTheBestOfAll() {
    var ratios: [Float] = []
    for seed in 0..<30 {
      var random = SeededGenerator(seed: UInt64(seed))
      let rows = (0..<3).map { _ in (0..<6).map { _ in random.unitFloat() * 2 - 1 } }
      let own = cost(
        rows, AxonTypes(rows, weights: Array(repeating: 1, count: 6), sources: Array(0..<6)).types)
      var least = Float.infinity
      for code in 0..<4 * 4 * 4 * 4 * 4 * 4 {
        least = min(least, cost(rows, (0..<6).map { code >> (2 * $0) & 3 }))
      }
      #expect(own >= least * 0.999 && own <= cost(rows, Array(repeating: 0, count: 6)) * 1.001)
      ratios.append(own / least)
    }
    let mean = ratios.reduce(0, +) / Float(ratios.count)
    #expect(mean < 1.8, "\(mean)")
  }

  /// Whether four types do for columns of which none may have another value beside it in one row.
  private func isTyped(_ rows: [[Float]], _ sources: [Int]) -> Bool {
    let count = (sources.max() ?? -1) + 1
    func conflict(_ left: Int, _ right: Int) -> Bool {
      rows.contains { row in
        let values = zip(row, sources).filter { ($0.1 == left || $0.1 == right) && $0.0 != 0 }.map(
          \.0)
        return Set(values).count > 1
      }
    }
    func place(_ source: Int, _ types: [Int]) -> Bool {
      guard source < count else { return true }
      return (0..<AxonTypes.count).contains { type in
        (0..<source).allSatisfy { types[$0] != type || !conflict($0, source) }
          && place(source + 1, types + [type])
      }
    }
    return (0..<count).allSatisfy { !conflict($0, $0) } && place(0, [])
  }

  @Test(arguments: 0..<20) func fourTypesAndFourValuesDo(seed: Int) throws {
    let random = RandomProblem(seed: seed, outputs: 6, weights: 12, sharesUnit: seed % 4 == 0)
    var problem = random.problem
    // Two taps a channel.
    if seed % 2 == 0 { problem.sources = problem.sources.map { $0 / 2 } }
    let result = try AxonTableCompression(weightBits: 8, threads: 1).compressed(problem)
    let levels = (0..<problem.outputs).map { row in
      (0..<problem.columns - 1).map { column in
        (result.rows[row * problem.columns + column] * problem.worth[column] / result.units[row])
          .rounded()
      }
    }
    #expect(levels.allSatisfy { Set($0).subtracting([0]).count <= AxonTypes.count })
    #expect(levels.allSatisfy { $0.allSatisfy { $0.magnitude <= 127 } })
    #expect(levels.contains { Set($0).subtracting([0]).count > 1 })
    #expect(isTyped(levels, problem.sources), "seed \(seed)")
    // By halves of the power that the weights carry: four values of any kind are worth something.
    let nothing = random.cost(
      problem.rows.enumerated().map { place, value in
        (place + 1) % problem.columns == 0 ? value : 0
      })
    #expect(random.cost(result.rows) < 0.5 * nothing, "seed \(seed)")
  }
}
