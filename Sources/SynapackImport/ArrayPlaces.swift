internal import SynapackSupport

/// Counts through an array of some extents and tells where each element comes from in another that
/// is broadcast to it: the same places, an extent of one repeated.
struct ArrayPlaces: Sequence, IteratorProtocol {
  private let extents: [Int]
  private let strides: [Int]
  private var position: [Int]
  private var place = 0
  private var left: Int

  /// - Throws: `SYN0203` for more elements than may be computed at import.
  init(_ extents: [Int], reading source: [Int]) throws(PackError) {
    guard let count = extents.checkedProduct(), count <= 1 << 26 else {
      throw PackError(
        .modelTooLarge, "a constant of the shape \(extents) would be computed",
        hint: "fold the constants of the model before export")
    }
    self.extents = extents
    position = Array(repeating: 0, count: extents.count)
    left = count
    var strides = Array(repeating: 0, count: extents.count)
    var step = 1
    for (axis, extent) in zip(strides.indices.reversed(), source.reversed()) {
      strides[axis] = extent == 1 ? 0 : step
      step *= extent
    }
    self.strides = strides
  }

  mutating func next() -> Int? {
    guard left > 0 else { return nil }
    left -= 1
    let result = place
    // Counts up like an odometer, the last axis fastest.
    for axis in extents.indices.reversed() {
      position[axis] += 1
      place += strides[axis]
      if position[axis] < extents[axis] { break }
      place -= strides[axis] * extents[axis]
      position[axis] = 0
    }
    return result
  }
}

/// The shape that arrays of these shapes are broadcast to, `nil` where they do not fit.
///
/// Shapes are aligned at their last axes; an extent of one is repeated.
func broadcastShape(_ shapes: [[Int]]) -> [Int]? {
  let rank = shapes.map(\.count).max() ?? 0
  var result = Array(repeating: 1, count: rank)
  for shape in shapes {
    for (offset, extent) in shape.reversed().enumerated() where extent != 1 {
      let axis = rank - 1 - offset
      guard result[axis] == 1 || result[axis] == extent else { return nil }
      result[axis] = extent
    }
  }
  return result
}
