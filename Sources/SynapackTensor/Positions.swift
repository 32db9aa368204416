/// Places in an array, row-major, and the rules by which shapes meet.
extension Shape {
  /// The distance in elements between neighbours along each axis.
  public var strides: [Int] {
    var strides = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      // Empty extents count as 1, so that the product stays below the limit of a shape.
      strides[axis] = strides[axis + 1] * Swift.max(1, self[axis + 1])
    }
    return strides
  }

  /// The place along each axis of the element at `index`, which must lie in the array.
  public func position(at index: Int) -> [Int] {
    var position = Array(repeating: 0, count: rank)
    var rest = index
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      position[axis] = rest % self[axis]
      rest /= self[axis]
    }
    return position
  }

  /// The index of the element at `position`, which has one entry for each axis.
  public func index(of position: [Int]) -> Int {
    zip(dimensions, position).reduce(0) { $0 * $1.0 + $1.1 }
  }

  /// The shape that this one and `other` are stretched to when they meet; `nil` where they do not
  /// fit.
  ///
  /// Shapes are aligned at their last axis; an extent of 1, or an axis that is not there, is
  /// repeated along the other's. Source: NumPy reference, "Broadcasting".
  public func broadcast(with other: Shape) -> Shape? {
    var dimensions: [Int] = []
    for offset in 1..<Swift.max(rank, other.rank) + 1 {
      let mine = offset <= rank ? self[rank - offset] : 1
      let theirs = offset <= other.rank ? other[other.rank - offset] : 1
      guard mine == theirs || mine == 1 || theirs == 1 else { return nil }
      dimensions.append(mine == 1 ? theirs : mine)
    }
    return try? Shape(dimensions.reversed())
  }

  /// The index of the element that stands at `position` of a shape that this one is stretched to.
  public func index(stretchedTo position: [Int]) -> Int {
    let own = position.suffix(rank)
    return index(of: zip(dimensions, own).map { $0 == 1 ? 0 : $1 })
  }
}
