internal import SynapackGraph

/// A value of the Keras model, and how our wire holds it.
struct KerasTensor: Sendable, Hashable {
  let wire: WireID
  /// The extents as Keras counts them: without the batch, channels last.
  let shape: [Int]
  let layout: Layout

  enum Layout: Sendable, Hashable {
    /// In Keras' own order.
    case rowMajor
    /// The last axis of Keras is the first of the wire.
    case channelsFirst
    /// A vector made of planes that stand channels first, one after the other; Keras' vector has
    /// the values of each plane channels last. The shapes are Keras' own; those of plain vectors
    /// have one axis.
    case flattened([[Int]])
  }

  var count: Int { shape.reduce(1, *) }

  /// The axis of the wire for an axis as Keras counts it, the batch being 0.
  ///
  /// `nil` where there is none such, or where it is the batch.
  func wireAxis(_ axis: Int) -> Int? {
    let rank = shape.count
    let place = axis < 0 ? rank + axis : axis - 1
    guard (0..<rank).contains(place) else { return nil }
    guard layout == .channelsFirst else { return place }
    return place == rank - 1 ? 0 : place + 1
  }
}

extension KerasTensor.Layout {
  /// For each element of the wire, the element of Keras' vector that it is.
  static func order(_ segments: [[Int]]) -> [Int] {
    var order: [Int] = []
    var start = 0
    for segment in segments {
      let channels = segment.last ?? 1
      let cells = segment.dropLast().reduce(1, *)
      for channel in 0..<channels {
        for cell in 0..<cells { order.append(start + cell * channels + channel) }
      }
      start += channels * cells
    }
    return order
  }

  /// The layout of flattened segments; row-major where that is the same.
  static func vector(_ segments: [[Int]]) -> KerasTensor.Layout {
    let isPlain = segments.allSatisfy { segment in
      segment.last == 1 || segment.dropLast().allSatisfy { $0 == 1 }
    }
    return isPlain ? .rowMajor : .flattened(segments)
  }
}
