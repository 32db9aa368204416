internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Where with a condition known at import, opset 9 and newer.
///
///     Where(mask, x, y) → where;  of integers → integers
enum WhereLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Where", opsets: 9...ONNXOpsets.newest, inputs: .init(3...3), activations: lower,
      integers: fold)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard try context.isKnown(0) else {
      throw context.unsupported(
        "the condition depends on the data", hint: "use a condition known at export")
    }
    let condition = try context.integers(0)
    guard let known = condition.known else {
      throw context.unsupported("the condition depends on the batch", hint: "fix the batch")
    }
    let first = try context.activation(1, &builder)
    let second = try context.activation(2, &builder)
    try builder.reserve(elements: known.count)
    let values = known.map { $0 == 0 ? Float(0) : 1 }
    let mask = try builder.constant(
      ONNXConstant(
        name: builder.uniqueName(context.name + ".mask"),
        tensor: try Tensor(shape: Shape(condition.dimensions), floats: values)))
    let (wires, dimensions, batch) = try builder.aligned([mask, first, second], context)
    // The mask is a weight of the operator; the wire only served to align it.
    let weight = builder.uniqueName(context.name + ".condition")
    builder.store(
      weight, try Tensor(shape: builder.shape(wires[0]), floats: values))
    return .activation(
      try builder.add(
        context.name, .where(Where(mask: weight)), Array(wires.dropFirst()), as: dimensions, batch))
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let condition = try context.integers(0)
    let (first, second) = (try context.integers(1), try context.integers(2))
    guard let target = broadcastShape([condition, first, second].map(\.dimensions)) else {
      throw context.wrongShape("the inputs do not broadcast to one another")
    }
    let mask = try condition.broadcast(to: target)
    let left = try first.broadcast(to: target).values
    let right = try second.broadcast(to: target).values
    guard let known = mask.known else {
      throw context.unsupported("the condition depends on the batch", hint: "fix the batch")
    }
    return .integers(
      try SymbolicIntegers(
        target, known.indices.map { known[$0] != 0 ? left[$0] : right[$0] }))
  }
}
