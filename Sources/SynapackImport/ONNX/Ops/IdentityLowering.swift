internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Identity and Dropout, opset 7 and newer: nodes that change nothing at inference.
///
///     Identity(x), Dropout(x) → x
enum IdentityLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering("Identity", inputs: .init(1...1), activations: pass, constants: pass),
    ONNXLowering(
      "Dropout", inputs: .init(1...3, since: 12, before: 1...1), attributes: ["ratio", "seed"],
      activations: dropout, constants: dropout),
  ]

  @Sendable private static func pass(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    try context.value(0)
  }

  @Sendable private static func dropout(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    // From opset 12 on a third input turns training on.
    if context.has(2), try context.constant(2).tensor.floats(in: 0..<1) != [0] {
      throw context.unsupported("it trains", hint: "export the model in evaluation mode")
    }
    return try context.value(0)
  }
}
