internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Turns a value from one layout into another, with as few nodes as that takes.
extension KerasGraphBuilder {
  /// The value in Keras' own order.
  mutating func rowMajor(_ value: KerasTensor, name: String) throws(PackError) -> KerasTensor {
    switch value.layout {
    case .rowMajor: return value
    case .channelsFirst:
      let rank = value.shape.count
      let wire = try transposed(value.wire, Array(1..<rank) + [0], name: name)
      return KerasTensor(wire: wire, shape: value.shape, layout: .rowMajor)
    case .flattened(let segments):
      let wire = try unflattened(value, segments, name: name)
      return KerasTensor(wire: wire, shape: value.shape, layout: .rowMajor)
    }
  }

  /// The value with its last axis first; it must have at least two.
  mutating func channelsFirst(
    _ value: KerasTensor, name: String
  ) throws(PackError) -> KerasTensor {
    guard value.layout != .channelsFirst else { return value }
    let value = try rowMajor(value, name: name)
    let rank = value.shape.count
    let wire = try transposed(value.wire, [rank - 1] + Array(0..<rank - 1), name: name)
    return KerasTensor(wire: wire, shape: value.shape, layout: .channelsFirst)
  }

  private mutating func unflattened(
    _ value: KerasTensor, _ segments: [[Int]], name: String
  ) throws(PackError) -> WireID {
    if segments.count == 1 {
      let planes = segments[0]
      let channels = planes[planes.count - 1]
      var wire = try reshaped(
        value.wire, [channels] + planes.dropLast(), name: name + ".planes")
      wire = try transposed(wire, Array(1..<planes.count) + [0], name: name)
      return try reshaped(wire, value.shape, name: name + ".vector")
    }
    // The indices take twice the room of float values.
    try reserve(elements: 2 * value.count)
    let order = KerasTensor.Layout.order(segments)
    var places = order
    for (place, element) in order.enumerated() { places[element] = place }
    return try add(name + ".order", .select(Select(axis: 0, indices: places)), [value.wire])
  }

  /// Adds a reshape unless the shape is the same already.
  mutating func reshaped(
    _ wire: WireID, _ shape: [Int], name: String
  ) throws(PackError) -> WireID {
    guard self.shape(wire).dimensions != shape else { return wire }
    return try add(name, .reshape(Reshape(shape: Shape(shape))), [wire])
  }

  /// Adds a transpose, or a reshape where only axes of one cell change places.
  mutating func transposed(
    _ wire: WireID, _ permutation: [Int], name: String
  ) throws(PackError) -> WireID {
    let shape = self.shape(wire)
    let moved = permutation.filter { shape[$0] > 1 }
    if moved == moved.sorted() {
      return try reshaped(wire, permutation.map { shape[$0] }, name: name + ".reshape")
    }
    return try add(
      name + ".transpose", .transpose(Transpose(permutation: permutation)), [wire])
  }
}

/// The values of an array whose axes are put in another order: axis a of the result is axis
/// `permutation[a]` of `values`.
func permuted(_ values: [Float], _ shape: [Int], _ permutation: [Int]) -> [Float] {
  let rank = shape.count
  var strides = Array(repeating: 1, count: rank)
  for axis in stride(from: rank - 2, through: 0, by: -1) {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  let extents = permutation.map { shape[$0] }
  let steps = permutation.map { strides[$0] }
  guard let last = extents.last, let step = steps.last, !values.isEmpty else { return values }
  var result: [Float] = []
  result.reserveCapacity(values.count)
  var position = Array(repeating: 0, count: rank)
  var offset = 0
  while result.count < values.count {
    for index in 0..<last { result.append(values[offset + index * step]) }
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      position[axis] += 1
      offset += steps[axis]
      if position[axis] < extents[axis] { break }
      offset -= position[axis] * steps[axis]
      position[axis] = 0
    }
  }
  return result
}
