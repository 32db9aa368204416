internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Add, opset 7 and newer.
///
///     Add(x, y)                    → add, or binary where extents differ
///     Add(MatMul(x, W), constant)  → the bias of the linear layer
///     Add(x, constant)             → channelAffine with the constant as its shift
enum AddLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Add", inputs: .init(2...2), activations: lower,
      integers: { (context, _) throws(PackError) in
        try ArithmeticLowering.combine(context, ArithmeticLowering.sum)
      })
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    for (index, other) in [(0, 1), (1, 0)] {
      guard case .activation(let input) = try context.value(index),
        try context.isKnown(other)
      else { continue }
      let constant = try context.constant(other)
      // A bias is one value for each place of the last axis.
      let shape = constant.tensor.shape
      let isBias = shape.count == 1 || shape.dimensions.last == shape.count
      if isBias, shape.rank <= input.rank,
        try builder.foldBias(context.node.inputs[index], constant)
      {
        return .activation(input)
      }
    }
    return .activation(try ArithmeticLowering.lower(context, .add, &builder))
  }
}
