internal import SynapackSupport
internal import SynapackTensor

/// An integer of a shape computation, where the size of the batch is a symbol:
///
///     value = batches · N + constant
struct SymbolicInteger: Hashable, CustomStringConvertible {
  var batches: Int64 = 0
  var constant: Int64 = 0

  static let batch = SymbolicInteger(batches: 1)

  /// The number, `nil` where it depends on the batch.
  var known: Int64? { batches == 0 ? constant : nil }

  var description: String {
    switch (batches, constant) {
    case (0, _): "\(constant)"
    case (1, 0): "N"
    default: "\(batches)·N + \(constant)"
    }
  }
}

/// Integers of any rank that are known at import, up to the batch.
struct SymbolicIntegers {
  let dimensions: [Int]
  let values: [SymbolicInteger]

  /// More elements than any shape computation, mask or table of indices needs.
  static let largestCount = 1 << 20

  /// - Throws: `SYN0206` where there are too many for a shape computation.
  init(_ dimensions: [Int], _ values: [SymbolicInteger]) throws(PackError) {
    guard values.count <= SymbolicIntegers.largestCount,
      dimensions.checkedProduct() == values.count
    else {
      throw PackError(
        .unsupportedAttribute, "integers of shape \(dimensions) are computed in the graph",
        hint: "fold the constants of the model before export")
    }
    self.dimensions = dimensions
    self.values = values
  }

  init(list: [Int64]) throws(PackError) {
    try self.init([list.count], list.map { SymbolicInteger(constant: $0) })
  }

  /// Reads an integer tensor; `nil` for other types and for integers that stand for real numbers.
  init?(_ tensor: Tensor) throws(PackError) {
    guard !tensor.type.isFloatingPoint, tensor.quantization == nil else { return nil }
    guard tensor.shape.count <= SymbolicIntegers.largestCount else { return nil }
    let integers = try tensor.integers()
    try self.init(tensor.shape.dimensions, integers.map { SymbolicInteger(constant: $0) })
  }

  /// All values, `nil` where one depends on the batch.
  var known: [Int64]? {
    let numbers = values.compactMap(\.known)
    return numbers.count == values.count ? numbers : nil
  }

  /// The values at `indices` of the first axis, in that order.
  func taking(_ indices: [Int], dimensions: [Int]) throws(PackError) -> SymbolicIntegers {
    let size = (self.dimensions.first ?? 1) > 0 ? values.count / (self.dimensions.first ?? 1) : 0
    var result: [SymbolicInteger] = []
    for index in indices {
      guard (0..<(self.dimensions.first ?? 1)).contains(index) else {
        throw PackError(
          .wrongShape, "index \(index) into \(self.dimensions)",
          hint: "check this layer in the source model")
      }
      result += values[index * size..<(index + 1) * size]
    }
    return try SymbolicIntegers(dimensions, result)
  }

  /// Element by element with `other`, broadcast as NumPy does.
  func combined(
    _ other: SymbolicIntegers, _ body: (SymbolicInteger, SymbolicInteger) -> SymbolicInteger?
  ) throws(PackError) -> SymbolicIntegers {
    guard let result = broadcastShape([dimensions, other.dimensions]) else {
      throw PackError(
        .wrongShape, "integers of shapes \(dimensions) and \(other.dimensions) meet",
        hint: "check this layer in the source model")
    }
    let left = try broadcast(to: result)
    let right = try other.broadcast(to: result)
    var combined: [SymbolicInteger] = []
    combined.reserveCapacity(left.values.count)
    for (first, second) in zip(left.values, right.values) {
      guard let value = body(first, second) else {
        throw PackError(
          .unsupportedAttribute,
          "the shape computation on \(first) and \(second) has no fixed result",
          hint: "export the model with fixed sizes; only the batch may vary")
      }
      combined.append(value)
    }
    return try SymbolicIntegers(result, combined)
  }

  /// The same values spread over `target`, to which the dimensions must broadcast.
  func broadcast(to target: [Int]) throws(PackError) -> SymbolicIntegers {
    guard dimensions != target else { return self }
    guard broadcastShape([dimensions, target]) == target else {
      throw PackError(
        .wrongShape, "integers of shape \(dimensions) do not spread over \(target)",
        hint: "check this layer in the source model")
    }
    let places = try ArrayPlaces(target, reading: dimensions)
    return try SymbolicIntegers(target, places.map { values[$0] })
  }
}
