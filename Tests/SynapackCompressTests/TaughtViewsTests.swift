import SynapackSupport
import SynapackTensor
import Testing

@testable import SynapackCompress

struct TaughtViewsTests {
  private func key(_ sample: Int, right: Int = 0) -> TaughtViews.Key {
    TaughtViews.Key(sample: sample, view: Augmentation.View(right: right))
  }

  @Test func everyViewOfASampleIsItsOwn() {
    var taught = TaughtViews()
    taught.add(key(1), [1, 2])
    taught.add(key(1, right: 1), [3, 4])
    #expect(taught[key(1)] == [1, 2])
    #expect(taught[key(1, right: 1)] == [3, 4])
    #expect(taught[key(2)] == nil)
  }

  @Test func whatHasNoRoomIsNotKept() {
    var taught = TaughtViews(room: 5)
    for sample in 0..<3 { taught.add(key(sample), [0, Float(sample)]) }
    #expect(taught[key(0)] == [0, 0])
    #expect(taught[key(1)] == [0, 1])
    #expect(taught[key(2)] == nil)
    taught.add(key(3), [9])
    #expect(taught[key(3)] == [9])
  }

  /// All 50 views of a mirror and two cells are drawn, and each cell comes from where it says.
  @Test func viewsMoveCells() throws {
    let shape = try Shape([1, 3, 4])
    let sample = (1...12).map { Float($0) }
    let augmentation = Augmentation(flips: true, shift: 2)
    var random = SeededGenerator(seed: 5)
    var drawn = Set<Augmentation.View>()
    for _ in 0..<2000 { drawn.insert(augmentation.view(of: shape, &random)) }
    #expect(drawn.count == 50)
    for view in drawn {
      let seen = view.applied(to: sample, shape)
      for y in 0..<3 {
        for x in 0..<4 {
          let (row, column) = (y - view.down, x - view.right)
          let isInside = (0..<3).contains(row) && (0..<4).contains(column)
          let from = row * 4 + (view.isMirrored ? 3 - column : column)
          #expect(seen[y * 4 + x] == (isInside ? sample[from] : 0), "\(view)")
        }
      }
    }
  }
}
