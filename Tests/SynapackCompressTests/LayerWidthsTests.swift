import SynapackSupport
import Testing

@testable import SynapackCompress

/// How bits are shared out among layers.
struct LayerWidthsTests {
  private static let range = 2...5

  /// Costs that fall with every bit, and less and less.
  private static func convexCosts(
    _ generator: inout SeededGenerator, layers: Int
  ) -> [[Double]] {
    (0..<layers).map { _ in
      let scale = Double(generator.unitFloat()) + 0.01
      // Four times less a bit, and nothing at the widest.
      let steps = range.map { 1 / Double(1 << (2 * $0)) }
      return steps.map { scale * ($0 - (steps.last ?? 0)) }
    }
  }

  private static func total(_ widths: [Int], _ costs: [[Double]]) -> Double {
    zip(widths, costs).reduce(0) { $0 + $1.1[$1.0 - range.lowerBound] }
  }

  /// The least cost over all ways to share out the bits.
  private static func best(_ costs: [[Double]], counts: [Int], mean: Double) -> Double {
    let limit = mean * Double(counts.reduce(0, +))
    var least = Double.infinity
    func visit(_ widths: [Int]) {
      guard widths.count < counts.count else {
        let bits = zip(widths, counts).reduce(0) { $0 + $1.0 * $1.1 }
        if Double(bits) <= limit { least = min(least, total(widths, costs)) }
        return
      }
      for width in range { visit(widths + [width]) }
    }
    visit([])
    return least
  }

  @Test(arguments: UInt64(0)..<40)
  func isTheBestOfAllWaysForEqualLayers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let costs = LayerWidthsTests.convexCosts(&generator, layers: 5)
    let counts = Array(repeating: 7, count: 5)
    // A mean that whole widths of equal layers reach exactly.
    let mean = 2 + Double(generator.next() % 16) / 5
    let widths = LayerWidths(mean: mean, range: LayerWidthsTests.range, threads: 1)
      .allocated(costs: costs, counts: counts)
    let best = LayerWidthsTests.best(costs, counts: counts, mean: mean)
    #expect(LayerWidthsTests.total(widths, costs) <= best + 1e-12, "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<40)
  func keepsTheMeanWhateverTheCosts(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let counts = (0..<6).map { _ in Int(generator.next() % 100) }
    let costs = counts.map { _ in
      LayerWidthsTests.range.map { _ in Double(generator.unitFloat()) }
    }
    let mean = 2 + 3 * Double(generator.unitFloat())
    let widths = LayerWidths(mean: mean, range: LayerWidthsTests.range, threads: 1)
      .allocated(costs: costs, counts: counts)
    let bits = zip(widths, counts).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(Double(bits) <= mean * Double(counts.reduce(0, +)) + 1e-9, "seed \(seed)")
    #expect(widths.allSatisfy(LayerWidthsTests.range.contains))
  }

  @Test func aLayerThatCostsMoreKeepsMoreBits() {
    let costs = [[1.0, 0.5, 0.2, 0], [0.01, 0.005, 0.002, 0]]
    let widths = LayerWidths(mean: 3.5, range: LayerWidthsTests.range, threads: 1)
      .allocated(costs: costs, counts: [10, 10])
    #expect(widths == [5, 2])
  }
}
