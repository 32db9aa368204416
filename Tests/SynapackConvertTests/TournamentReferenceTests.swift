import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackConvert

/// What the neurons of a max-pooling are to carry, against the pooling itself.
struct TournamentReferenceTests {
  private typealias Planes = (channels: Int, height: Int, width: Int)

  /// The largest value of every window by its definition, nothing being 0.
  private func pooled(_ values: [Float], _ window: Window, _ from: Planes, _ to: Planes) -> [Float]
  {
    var result: [Float] = []
    for channel in 0..<values.count / (from.height * from.width) {
      for y in 0..<to.height {
        for x in 0..<to.width {
          var most: Float = 0
          for row in 0..<from.height {
            for column in 0..<from.width {
              let (top, left) = (
                row + window.padding.top - y * window.stride.y,
                column + window.padding.left - x * window.stride.x
              )
              guard top >= 0, left >= 0, top % window.dilation.y == 0,
                left % window.dilation.x == 0, top / window.dilation.y < window.kernel.y,
                left / window.dilation.x < window.kernel.x
              else { continue }
              most = max(most, values[(channel * from.height + row) * from.width + column])
            }
          }
          result.append(most)
        }
      }
    }
    return result
  }

  @Test(arguments: TournamentTests.windows, 1...5 as ClosedRange<UInt64>)
  func whatIsWonAddsUpToTheLargest(window: Window, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let from: Planes = (3, 7, 9)
    let to: Planes = (
      3,
      (7 + window.padding.top + window.padding.bottom + window.overhang.y
        - (window.kernel.y - 1) * window.dilation.y - 1) / window.stride.y + 1,
      (9 + window.padding.left + window.padding.right + window.overhang.x
        - (window.kernel.x - 1) * window.dilation.x - 1) / window.stride.x + 1
    )
    let values = (0..<2 * 3 * 7 * 9).map { _ in Float.random(in: 0...4, using: &random) }
    let differences = Tournament.differences("p", window, values, from: from, to: to)
    let cells = window.kernel.y * window.kernel.x
    #expect(differences.count == cells - 1)
    // Whoever wins is the last cell and what it was beaten by, match after match.
    let spine = try #require(
      Tournament.winner(of: (0..<cells).map { [String($0)] }, pool: "p") { name, _, second in
        second + [name]
      })
    let last = try #require(Int(spine[0]))
    var sum = cell(last, window, values, from, to)
    for name in spine.dropFirst() {
      let won = try #require(differences[name])
      for index in sum.indices { sum[index] += max(0, won[index]) }
    }
    let expected = pooled(values, window, from, to)
    #expect(zip(sum, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "seed \(seed)")
  }

  /// One cell of every window.
  private func cell(
    _ index: Int, _ window: Window, _ values: [Float], _ from: Planes, _ to: Planes
  ) -> [Float] {
    var one = window
    one.kernel = Extent(y: 1, x: 1)
    one.padding.top -= index / window.kernel.x * window.dilation.y
    one.padding.left -= index % window.kernel.x * window.dilation.x
    return pooled(values, one, from, to)
  }
}
