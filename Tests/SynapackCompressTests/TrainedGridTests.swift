import SynapackSupport
import Testing

@testable import SynapackCompress

struct TrainedGridTests {
  @Test(arguments: 0..<20) func theNearestLevelIsTaken(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let levels = (0..<5).map { _ in random.unitFloat() * 8 - 4 }.sorted()
    let grid = TrainedGrid.levels(levels)
    for _ in 0..<50 {
      let value = random.unitFloat() * 12 - 6
      let rounded = grid.rounded(value)
      #expect(levels.contains(rounded))
      #expect(levels.allSatisfy { abs($0 - value) >= abs(rounded - value) }, "seed \(seed)")
    }
  }

  @Test func wholeNumbersStayInTheirRange() {
    let grid = TrainedGrid.whole(-3...3)
    #expect([-9, -2.6, -0.4, 0.5, 1.5, 2.9, 40].map(grid.rounded) == [-3, -3, 0, 0, 2, 3, 3])
    #expect([-9, -2.6, 40].map(grid.held) == [-3, -2.6, 3])
    #expect(TrainedGrid.free.rounded(1.25) == 1.25 && TrainedGrid.free.held(1e9) == 1e9)
  }
}
