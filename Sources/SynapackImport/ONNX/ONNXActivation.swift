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
  /// On an axis together with others: its extent is N · k, the samples outermost; the wire has k.
  case merged(Int)

  var axis: Int? {
    switch self {
    case .absent: nil
    case .alone(let axis), .merged(let axis): axis
    }
  }

  /// The same place with its axis moved.
  func moved(_ move: (Int) -> Int) -> BatchPlace {
    switch self {
    case .absent: .absent
    case .alone(let axis): .alone(move(axis))
    case .merged(let axis): .merged(move(axis))
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
  /// The batch is the outermost part of the first axis that begins where it began before, that is
  /// behind as many elements.
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
    let before = value.dimensions[..<axis].reduce(1, *)
    var product = 1
    var candidates: [Int] = []
    for (place, extent) in full.enumerated() {
      if product == before, extent > 0, extent % count == 0 { candidates.append(place) }
      product *= extent
      if product > before { break }
    }
    if isSingle {
      let ones = candidates.filter { full[$0] == 1 }
      guard let place = ones.contains(axis) ? axis : ones.first else { return (full, .absent) }
      return (full, .alone(place))
    }
    guard let place = candidates.first else { return nil }
    var dimensions = full
    dimensions[place] /= count
    return (dimensions, full[place] == count ? .alone(place) : .merged(place))
  }
}
