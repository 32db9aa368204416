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
    let wire = try context.wire(0)
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
    guard lower < open, upper > -open else {
      throw PackError(
        .notFinite, "the limits are \(lower) and \(upper), which leaves no finite value",
        hint: "find where the value comes from; retrain the model")
    }
    switch (lower, upper) {
    case (...(-open), open...): return .wire(wire)
    case (0, open...): return .wire(try builder.add(context.name, .relu(Relu()), [wire]))
    default:
      let clip = Clip(lower: max(lower, -open), upper: min(upper, open))
      return .wire(try builder.add(context.name, .clip(clip), [wire]))
    }
  }
}
