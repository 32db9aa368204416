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

extension TrainedGridTests {
  @Test(arguments: [Float(1), 3, 7, 100])
  func aLimitedGridHoldsWhatLiesInside(limit: Float) {
    let grids: [TrainedGrid] = [
      .free, .whole(-7...7), .whole(0...2), .levels([-4, -2, -1, 0, 1, 2, 4]),
    ]
    for grid in grids {
      for value in stride(from: Float(-120), through: 120, by: 0.7) {
        let rounded = grid.limited(to: limit).rounded(value)
        #expect(rounded.magnitude <= limit)
        // What the grid itself has within the limit stays as it is.
        let own = grid.rounded(value)
        if own.magnitude <= limit, value.magnitude <= limit, grid != .free {
          #expect(rounded == own, "\(grid) \(value)")
        }
      }
    }
  }
}
