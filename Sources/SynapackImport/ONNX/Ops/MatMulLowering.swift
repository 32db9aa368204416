internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// MatMul, opset 7 and newer, of an activation [N, I] with a constant matrix [I, O].
///
///     MatMul(x, W) → linear;  W is stored transposed, a bias that follows is folded in by Add
enum MatMulLowering: ONNXLoweringFamily {
  static let lowerings = [ONNXLowering("MatMul", inputs: .init(2...2), activations: lower)]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    if case .wire = try context.value(0), case .wire = try context.value(1) {
      throw context.unsupported(
        "two activations are multiplied, as in attention",
        hint: "use layers with constant weights")
    }
    guard case .wire(let wire) = try context.value(0) else {
      throw context.unsupported(
        "the weights stand before the data, which mixes the samples of a batch",
        hint: "export the model with the data as the first input")
    }
    let weight = try linearWeight(context.constant(1), outputsFirst: false, context, &builder)
    let linear = Linear(weight: weight.name, bias: nil)
    let output = try builder.add(context.name, .linear(linear), [wire])
    if let name = context.node.outputs.first { builder.noteBiasless(name) }
    return .wire(output)
  }
}
