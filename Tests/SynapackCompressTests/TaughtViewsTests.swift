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

  /// Half of the places show a mixture of their own sample, which counts more, and the next one's; its
  /// values and what each counts agree.
  @Test func mixturesAreOfNeighbours() throws {
    let shape = try Shape([1, 2, 2])
    let samples = (0..<32).map { Float($0 * $0) }
    let batch = [5, 1, 7, 2, 0, 6]
    let augmentation = Augmentation(flips: true, shift: 1, mixes: true)
    var (mixed, all) = (0, 0)
    for step in 0..<200 {
      let views = augmentation.views(of: batch, shape, step: step, seed: 3)
      #expect(views.map(\.key.sample) == batch)
      for (place, view) in views.enumerated() {
        let parts = view.parts
        #expect(abs(parts.reduce(0) { $0 + $1.weight } - 1) < 1e-6)
        #expect(parts[0].sample == batch[place] && parts[0].weight > 0.5)
        all += 1
        guard let other = view.other else {
          #expect(view.seen(samples, shape) == TrainingView(key: view.key).seen(samples, shape))
          continue
        }
        mixed += 1
        #expect(parts[1].sample == batch[(place + 1) % batch.count])
        let (own, next) = (
          TrainingView(key: view.key).seen(samples, shape),
          TrainingView(key: other.key).seen(samples, shape)
        )
        for (value, (a, b)) in zip(view.seen(samples, shape), zip(own, next)) {
          #expect(abs(value - (a + other.weight * (b - a))) < 1e-3)
        }
      }
    }
    #expect((0.45...0.55).contains(Double(mixed) / Double(all)))
    let plain = Augmentation(flips: true, shift: 1).views(of: batch, shape, step: 9, seed: 3)
    let same = augmentation.views(of: batch, shape, step: 9, seed: 3)
    #expect(plain.map(\.key) == same.map(\.key) && plain.allSatisfy { $0.other == nil })
  }
}
