import SynapackDense
import SynapackSupport
import TestSupport
import Testing

@testable import SynapackConvert

/// How strongly weights are held back.
struct WeightRefitTests {
  /// Where less than the best gain on held-out samples is enough, ridges are never weaker, and some
  /// are stronger; no output loses all of its gain.
  @Test(arguments: [3, 8, 21] as [UInt64]) func lessThanTheBestIsHeldBackMore(seed: UInt64) throws {
    let best = try solved(seed, margin: 1)
    let enough = try solved(seed, margin: 0.9)
    #expect(zip(enough.ridges, best.ridges).allSatisfy { $0 >= $1 }, "seed \(seed)")
    #expect(zip(enough.ridges, best.ridges).contains { $0 > $1 }, "seed \(seed)")
    #expect(best.ridges.allSatisfy { $0 > 0 } && enough.ridges.allSatisfy { $0 > 0 })
    #expect(enough.ridges.allSatisfy { WeightRefit.ridges.contains($0) })
    // The changes are those of the chosen ridges.
    #expect(enough.changes != best.changes)
  }

  /// What judges hear changes no weight; what any other sample hears does.
  @Test func judgesDecideNothing() throws {
    let roles = SampleRoles.judging(40)
    let changes = try solved(5, margin: 1, roles).changes
    for sample in [0, 1, 6, 39] {
      let other = try solved(5, margin: 1, roles, turning: sample).changes
      #expect((other == changes) == (roles.role(of: sample) == .judges), "sample \(sample)")
    }
    #expect(try solved(5, margin: 1).changes != changes)
  }

  /// Six outputs of eight features and a bias, with noise; the targets of one sample turned.
  private func solved(
    _ seed: UInt64, margin: Double, _ roles: SampleRoles = .learning, turning turned: Int? = nil
  ) throws -> WeightRefit.Solution {
    let (samples, columns, outputs) = (40, 9, 6)
    var random = SeededGenerator(seed: seed)
    let weights = (0..<columns * outputs).map { _ in Float.random(in: -1...1, using: &random) }
    var features: [[Float]] = []
    var targets: [[Float]] = []
    for _ in 0..<samples {
      let row = (0..<columns - 1).map { _ in Float.random(in: 0...1, using: &random) } + [1]
      features.append(row)
      targets.append(
        (0..<outputs).map { output in
          let exact = zip(row, weights[output * columns..<(output + 1) * columns])
            .reduce(Float(0)) { $0 + $1.0 * $1.1 }
          return exact + Float.random(in: -0.5...0.5, using: &random)
        })
    }
    if let turned { targets[turned] = targets[turned].map { -$0 } }
    let (rows, values) = (features, targets)
    return try WeightRefit(samples: samples, roles: roles, threads: 2, margin: margin).solve(
      columns: columns, outputs: outputs, units: Array(repeating: 1, count: columns - 1)
    ) { (sample, equations) throws(PackError) in
      equations.add(features: rows[sample], targets: values[sample], observations: 1)
    }
  }
}
