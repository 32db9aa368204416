/// What the teacher said about views of samples, so that none is asked twice.
///
/// Asking costs as much as a small student learns from, and an epoch later the same view comes back.
/// Each view is asked by itself, so that its answer does not depend on what else is in a batch, nor
/// on what is remembered.
struct TaughtViews: Sendable {
  struct Key: Sendable, Hashable {
    let sample: Int
    let view: Augmentation.View
  }

  /// Scores that are kept, in values; later views are asked each time. 50 views of 10,000 images with
  /// ten classes are five million.
  static let room = 1 << 23

  private var scores: [Key: [Float]] = [:]
  private var left: Int

  init(room: Int = TaughtViews.room) {
    left = room
  }

  subscript(key: Key) -> [Float]? { scores[key] }

  mutating func add(_ key: Key, _ answer: [Float]) {
    guard answer.count <= left, scores.updateValue(answer, forKey: key) == nil else { return }
    left -= answer.count
  }
}
