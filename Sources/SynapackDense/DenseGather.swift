internal import SynapackGraph
internal import SynapackTensor

/// Values picked from their places: each axis of the output adds an offset of its own.
struct DenseGather: DenseKernel {
  /// Where each run of the output reads from.
  let starts: [Int]
  /// The offsets within a run.
  let offsets: [Int]
  /// Whether the offsets of a run are 0, 1, 2, …
  private let isPlain: Bool
  let inputCount: Int

  init(_ op: Transpose, _ input: Shape) {
    self.init(input, op.permutation.map { Array(0..<input[$0]) }, axes: op.permutation)
  }

  init(_ op: Slice, _ input: Shape) {
    self.init(
      input,
      (0..<input.rank).map { axis in
        (0..<op.counts[axis]).map { op.starts[axis] + $0 * op.steps[axis] }
      })
  }

  init(_ op: Select, _ input: Shape) {
    self.init(
      input, (0..<input.rank).map { $0 == op.axis ? op.indices : Array(0..<input[$0]) })
  }

  init(_ op: Tile, _ input: Shape) {
    self.init(
      input,
      (0..<input.rank).map { axis in
        Array(repeating: Array(0..<input[axis]), count: op.repeats[axis]).flatMap { $0 }
      })
  }

  /// - Parameters:
  ///   - places: for each axis of the output, the places it takes of its axis of the input.
  ///   - axes: for each axis of the output, the axis of the input; in order where absent.
  private init(_ input: Shape, _ places: [[Int]], axes: [Int]? = nil) {
    let strides = input.strides
    var tables = places.enumerated().map { axis, list in
      list.map { $0 * strides[axes?[axis] ?? axis] }
    }
    var offsets = tables.popLast() ?? [0]
    while let outer = tables.last, outer.count * offsets.count <= 1 << 14 {
      offsets = outer.flatMap { start in offsets.map { start + $0 } }
      tables.removeLast()
    }
    var starts = [0]
    for table in tables { starts = starts.flatMap { start in table.map { start + $0 } } }
    self.starts = starts
    isPlain = offsets.indices.allSatisfy { offsets[$0] == $0 }
    self.offsets = offsets
    inputCount = input.count
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let length = offsets.count
    var result = Array(repeating: Float(0), count: count * starts.count * length)
    var target = result.mutableSpan
    let input = arguments[0]
    let source = input.span
    let offsets = offsets.span
    var next = 0
    for sample in 0..<count {
      for start in starts {
        let first = sample * inputCount + start
        if isPlain {
          for i in 0..<length { target[next + i] = source[first + i] }
        } else {
          for i in 0..<length { target[next + i] = source[first + offsets[i]] }
        }
        next += length
      }
    }
    return result
  }
}
