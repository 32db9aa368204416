internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Clip: limits are attributes up to opset 10 and inputs from 11 on.
///
///     Clip(x, 0, ∞) → relu;  Clip(x, a, b) → clip;  Clip(x) → nothing
enum ClipLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Clip", inputs: .init(1...3, since: 11, before: 1...1), attributes: ["min", "max"],
      retired: ["min": 10, "max": 10], activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let open = Float.greatestFiniteMagnitude
    let lower: Float
    let upper: Float
    if context.opset < 11 {
      lower = try context.float("min", default: -open)
      upper = try context.float("max", default: open)
    } else {
      lower = try context.scalar(1) ?? -open
      upper = try context.scalar(2) ?? open
    }
    // A limit below the other takes everything to the upper one.
    let clip = Clip(lower: max(lower, -open), upper: min(upper, open))
    let op: Op
    switch (lower, upper) {
    case (...(-open), open...): return .activation(input)
    case (0, open...): op = .relu(Relu())
    default: op = .clip(clip)
    }
    return .activation(
      try builder.add(context.name, op, [input.wire], as: input.dimensions, input.batch))
  }
}
