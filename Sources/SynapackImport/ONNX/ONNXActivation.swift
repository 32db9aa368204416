internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// An activation as ONNX sees it: a wire of the graph under the extents of the file.
///
/// The graph computes one sample, ONNX a batch. The extents here are those of one sample with the
/// batch's axis still in its place, where it has the extent 1.
struct ONNXActivation {
  let wire: WireID
  /// The extents, the samples of a batch counted as one.
  let dimensions: [Int]
  let batch: BatchPlace

  var rank: Int { dimensions.count }
}

/// Where the samples of a batch lie among the axes of a value.
enum BatchPlace: Hashable {
  /// Nowhere: the value is the same for all samples, or the whole of it is one sample.
  case absent
  /// On an axis of its own, which the wire does not have.
  case alone(Int)
  /// On an axis together with others: its extent is outer · N · inner; the wire has outer · inner.
  case merged(Int, outer: Int)

  var axis: Int? {
    switch self {
    case .absent: nil
    case .alone(let axis), .merged(let axis, _): axis
    }
  }

  /// The same place with its axis moved.
  func moved(_ move: (Int) -> Int) -> BatchPlace {
    switch self {
    case .absent: .absent
    case .alone(let axis): .alone(move(axis))
    case .merged(let axis, let outer): .merged(move(axis), outer: outer)
    }
  }
}

/// How many samples a batch has, and what that means for shape computations.
enum ONNXBatch: Hashable {
  /// The file leaves it open.
  case open
  case fixed(Int)
  /// No axis counts samples; see ``ImportOptions/BatchAxis``.
  case none

  /// The number that stands for the batch in shapes: for an open one a prime that no real extent
  /// is divisible by, so that a product tells whether the batch is in it.
  var count: Int {
    switch self {
    case .open: 1_000_003
    case .fixed(let size): size
    case .none: 1
    }
  }

  /// Whether an axis of samples may be read as any other, because there is only one sample.
  var isSingle: Bool { count == 1 }

  /// The extents that the file would state for `value`.
  func full(_ value: ONNXActivation) -> [Int] {
    var dimensions = value.dimensions
    if let axis = value.batch.axis { dimensions[axis] *= count }
    return dimensions
  }

  /// The extents of `value` as the result of ONNX's Shape.
  func symbolic(_ value: ONNXActivation) -> [SymbolicInteger] {
    guard self == .open, let axis = value.batch.axis else {
      return full(value).map { SymbolicInteger(constant: Int64($0)) }
    }
    return value.dimensions.enumerated().map { index, extent in
      index == axis
        ? SymbolicInteger(batches: Int64(extent)) : SymbolicInteger(constant: Int64(extent))
    }
  }

  /// The number that a symbolic extent stands for, `nil` where it does not fit.
  func number(_ extent: SymbolicInteger) -> Int? {
    guard let samples = extent.batches.times(Int64(count)),
      let value = samples.adding(extent.constant)
    else { return nil }
    return Int(exactly: value)
  }

  /// Where the batch lies once the elements of `value` are read under the extents `full`.
  ///
  /// The batch stays behind as many elements as before; the axis that it falls on is outer · N ·
  /// inner in extent, alone where both are one.
  ///
  /// - Returns: the extents with the batch counted as one, and its place; `nil` where the samples
  ///   would no longer lie on one axis.
  func rereading(
    _ value: ONNXActivation, as full: [Int]
  ) -> (dimensions: [Int], batch: BatchPlace)? {
    guard let axis = value.batch.axis else {
      let adopts = self == .fixed(1) && full.first == 1
      return (full, adopts ? .alone(0) : .absent)
    }
    let outer = if case .merged(_, let outer) = value.batch { outer } else { 1 }
    let before = value.dimensions[..<axis].reduce(outer, *)
    guard !isSingle else {
      let ones = full.indices.filter { full[$0] == 1 && full[..<$0].reduce(1, *) == before }
      guard let place = ones.contains(axis) ? axis : ones.first else { return (full, .absent) }
      return (full, .alone(place))
    }
    var product = 1
    for (place, extent) in full.enumerated() {
      defer { product *= extent }
      // The samples begin on this axis and end on it.
      guard product <= before, before * count <= product * extent else { continue }
      let outer = before / product
      guard before % product == 0, extent % (outer * count) == 0 else { return nil }
      var dimensions = full
      dimensions[place] /= count
      let isAlone = extent == count
      return (dimensions, isAlone ? .alone(place) : .merged(place, outer: outer))
    }
    return nil
  }
}
