internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Where, opset 9 and newer.
///
///     Where(mask, x, y) → where;  of integers → integers
enum WhereLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Where", opsets: 9...ONNXOpsets.newest, inputs: .init(3...3),
      activations: { (context, builder) throws(PackError) in
        let inputs = try context.activations(&builder)
        let (wires, dimensions, batch) = try builder.aligned(inputs, context)
        return .activation(
          try builder.add(context.name, .where(Where()), wires, as: dimensions, batch))
      }, integers: fold)
  ]

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
