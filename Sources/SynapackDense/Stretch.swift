internal import SynapackTensor

/// The places of an array as runs that several arrays, each with a stride for each axis, walk
/// through together; a stride of 0 repeats.
struct Stretch: Sendable {
  /// For each array, where each run starts.
  let starts: [[Int]]
  /// The number of places in a run.
  let length: Int
  /// For each array, the step within a run.
  let steps: [Int]

  /// - Parameter strides: for each array, its stride along each axis of `dimensions`.
  init(_ dimensions: [Int], _ strides: [[Int]]) {
    var axes = Stretch.merged(dimensions, strides)
    let last = axes.popLast()
    length = last?.extent ?? 1
    steps = last?.strides ?? strides.map { _ in 0 }
    var starts = strides.map { _ in [0] }
    for axis in axes {
      starts = starts.indices.map { array in
        starts[array].flatMap { start in
          (0..<axis.extent).map { start + $0 * axis.strides[array] }
        }
      }
    }
    self.starts = starts
  }

  /// The axes with those of one place left out and those that every array walks through as if they
  /// were one joined.
  private static func merged(
    _ dimensions: [Int], _ strides: [[Int]]
  ) -> [(extent: Int, strides: [Int])] {
    var axes: [(extent: Int, strides: [Int])] = []
    for axis in dimensions.indices where dimensions[axis] != 1 {
      let own = strides.map { $0[axis] }
      if let outer = axes.last,
        zip(outer.strides, own).allSatisfy({ $0 == $1 * dimensions[axis] })
      {
        axes[axes.count - 1] = (outer.extent * dimensions[axis], own)
      } else {
        axes.append((dimensions[axis], own))
      }
    }
    return axes
  }

  /// The strides by which an array of `shape` is stretched to `target`.
  static func strides(of shape: Shape, to target: Shape) -> [Int] {
    let own = zip(shape.dimensions, shape.strides).map { $0 == 1 ? 0 : $1 }
    return Array(repeating: 0, count: max(0, target.rank - shape.rank)) + own
  }
}
