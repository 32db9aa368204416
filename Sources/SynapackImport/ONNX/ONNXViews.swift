internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Activations between ONNX's extents and the wires of one sample.
extension ONNXGraphBuilder {
  /// The extents of the wire: those of ONNX without an axis that only counts samples.
  static func sample(_ dimensions: [Int], _ batch: BatchPlace) -> [Int] {
    guard case .alone(let axis) = batch else { return dimensions }
    var sample = dimensions
    sample.remove(at: axis)
    return sample
  }

  /// The axis of the wire for an axis of ONNX that is not the batch's own.
  static func sampleAxis(_ axis: Int, _ batch: BatchPlace) -> Int {
    guard case .alone(let own) = batch, own < axis else { return axis }
    return axis - 1
  }

  /// Adds a node whose output has these extents.
  ///
  /// - Throws: `SYN0901` where the operator's shape rule says otherwise; the lowering is wrong.
  mutating func add(
    _ name: String, _ op: Op, _ inputs: [WireID], as dimensions: [Int], _ batch: BatchPlace
  ) throws(PackError) -> ONNXActivation {
    let wire = try add(name, op, inputs)
    return try activation(wire, dimensions, batch)
  }

  func activation(
    _ wire: WireID, _ dimensions: [Int], _ batch: BatchPlace
  ) throws(PackError) -> ONNXActivation {
    guard shape(wire).dimensions == ONNXGraphBuilder.sample(dimensions, batch) else {
      throw PackError(
        .defect, "a wire of \(shape(wire)) stands for \(dimensions) with the batch \(batch)",
        hint: "please report this model")
    }
    return ONNXActivation(wire: wire, dimensions: dimensions, batch: batch)
  }

  /// The same elements under other extents; a reshape where the wire's own change.
  mutating func view(
    _ value: ONNXActivation, _ dimensions: [Int], _ batch: BatchPlace, name: String
  ) throws(PackError) -> ONNXActivation {
    let target = try Shape(ONNXGraphBuilder.sample(dimensions, batch))
    guard shape(value.wire) != target else {
      return ONNXActivation(wire: value.wire, dimensions: dimensions, batch: batch)
    }
    let wire = try reshape(value.wire, to: target, name: uniqueName(name))
    return try activation(wire, dimensions, batch)
  }

  /// The same value with no axis of samples among `axes`.
  ///
  /// A model exported for a batch of one may do with that axis what it likes.
  ///
  /// - Throws: `SYN0206` where samples would be mixed.
  mutating func separated(
    _ value: ONNXActivation, from axes: [Int], _ context: ONNXNodeContext
  ) throws(PackError) -> ONNXActivation {
    guard let axis = value.batch.axis, axes.contains(axis) else { return value }
    return try demoted(value, context)
  }

  /// The value with the batch read as an axis like any other.
  mutating func demoted(
    _ value: ONNXActivation, _ context: ONNXNodeContext
  ) throws(PackError) -> ONNXActivation {
    guard value.batch != .absent else { return value }
    guard batch.isSingle else {
      throw context.unsupported(
        "it mixes the samples of a batch",
        hint: "keep samples apart,"
          + " or export a fixed batch and use `--batch none`")
    }
    return try view(value, value.dimensions, .absent, name: context.name + ".sample")
  }

  /// A constant as an activation.
  mutating func constant(_ constant: ONNXConstant) throws(PackError) -> ONNXActivation {
    var constant = constant
    if !constant.tensor.type.isFloatingPoint, constant.tensor.quantization == nil {
      try reserve(elements: constant.tensor.shape.count)
      let values = constant.tensor.floats()
      // Integers and truth values take part in real arithmetic where a cast made them real.
      constant = ONNXConstant(
        name: constant.name, tensor: try Tensor(shape: constant.tensor.shape, floats: values))
    }
    let weight = try weight(constant, values: .numbers)
    let wire = try add(uniqueName(constant.name), .constant(Constant(weight: weight)), [])
    return ONNXActivation(
      wire: wire, dimensions: constant.tensor.shape.dimensions, batch: .absent)
  }

  /// Runs `body` on the planes [C, spatial…] of an input [n, C, spatial…].
  ///
  /// With the batch as n there is one; where n counts something else, `body` is run on each item.
  mutating func onPlanes(
    _ value: ONNXActivation, _ context: ONNXNodeContext,
    _ body: (inout ONNXGraphBuilder, WireID, String) throws(PackError) -> WireID
  ) throws(PackError) -> ONNXActivation {
    guard value.rank >= 2 else {
      throw context.wrongShape("the input \(value.dimensions) has no channels")
    }
    if value.batch == .alone(0) {
      let wire = try body(&self, value.wire, context.name)
      return try activation(wire, [1] + shape(wire).dimensions, .alone(0))
    }
    let isInFront = if case .merged(0, _) = value.batch { true } else { false }
    let value = isInFront ? value : try demoted(value, context)
    let planes = try Shape(Array(value.dimensions.dropFirst()))
    let items = value.dimensions[0]
    guard (1...256).contains(items) else {
      throw context.unsupported(
        "\(items) items share one layer within a sample", hint: "at most 256 are supported")
    }
    var results: [WireID] = []
    for item in 0..<items {
      let suffix = items == 1 ? "" : ".\(item)"
      let part = try self.item(item, of: value, context.name + ".item" + suffix)
      let input = try reshape(part, to: planes, name: uniqueName(context.name + ".planes" + suffix))
      let name = items == 1 ? context.name : uniqueName(context.name + suffix)
      let wire = try body(&self, input, name)
      let row = try Shape([1] + shape(wire).dimensions)
      results.append(
        try reshape(wire, to: row, name: uniqueName(context.name + ".row" + suffix)))
    }
    let dimensions = [items] + shape(results[0]).dimensions.dropFirst()
    guard items > 1 else { return try activation(results[0], dimensions, value.batch) }
    return try add(
      uniqueName(context.name + ".rows"), .concat(Concat(axis: 0)), results, as: dimensions,
      value.batch)
  }

  private mutating func item(
    _ index: Int, of value: ONNXActivation, _ name: String
  ) throws(PackError) -> WireID {
    guard value.dimensions[0] > 1 else { return value.wire }
    var starts = Array(repeating: 0, count: value.rank)
    starts[0] = index
    let counts = [1] + value.dimensions.dropFirst()
    let steps = Array(repeating: 1, count: value.rank)
    let slice = Slice(starts: starts, counts: counts, steps: steps)
    return try add(uniqueName(name), .slice(slice), [value.wire])
  }

  /// Operands of an operator that broadcasts, as wires of equal rank, with the result's extents.
  mutating func aligned(
    _ operands: [ONNXActivation], _ context: ONNXNodeContext
  ) throws(PackError) -> (wires: [WireID], dimensions: [Int], batch: BatchPlace) {
    guard let result = broadcastShape(operands.map(\.dimensions)) else {
      throw context.wrongShape("\(operands.map(\.dimensions)) do not broadcast to one another")
    }
    let places = Set(
      operands.map { operand in operand.batch.moved { $0 + result.count - operand.rank } })
    let batches = places.subtracting([.absent])
    let place = batches.count == 1 ? batches.first ?? .absent : .absent
    // A value without samples must not vary along the axis that counts them.
    let fits =
      batches.count <= 1
      && operands.allSatisfy { operand in
        guard let axis = place.axis, operand.batch == .absent else { return true }
        let own = axis - (result.count - operand.rank)
        return own < 0 || operand.dimensions[own] == 1
      }
    guard fits else {
      var demoted: [ONNXActivation] = []
      for operand in operands { demoted.append(try self.demoted(operand, context)) }
      return try aligned(demoted, context)
    }
    var wires: [WireID] = []
    for operand in operands {
      let ones = Array(repeating: 1, count: result.count - operand.rank)
      let view = try view(
        operand, ones + operand.dimensions, place, name: context.name + ".aligned")
      wires.append(view.wire)
    }
    return (wires, result, place)
  }
}
