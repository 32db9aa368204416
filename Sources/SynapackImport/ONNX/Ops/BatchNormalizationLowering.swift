internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// BatchNormalization, opset 7 and newer, as at inference.
///
///     BatchNormalization(x, γ, β, μ, σ²) → batchNormalization
enum BatchNormalizationLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "BatchNormalization", inputs: .init(5...5),
      attributes: ["epsilon", "momentum", "spatial", "training_mode"], retired: ["spatial": 8],
      activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard !(try context.flag("training_mode")) else {
      throw context.unsupported(
        "training_mode is 1", hint: "export the model in evaluation mode")
    }
    guard try context.flag("spatial", default: true) else {
      throw context.unsupported(
        "spatial is 0: each position has its own statistics", hint: "normalize by channel")
    }
    let input = try context.activation(0, &builder)
    let channels = input.rank > 1 ? input.dimensions[1] : 0
    let epsilon = try context.float("epsilon", default: 1e-5)
    let variances = try builder.floats(context.constant(4))
    guard variances.allSatisfy({ ($0 + epsilon).isFinite && $0 + epsilon > 0 }) else {
      throw PackError(
        .notFinite, "a variance plus epsilon is not positive, so that its root has no value",
        at: .tensor(try context.constant(4).name),
        hint: "find where the value comes from; retrain the model")
    }
    let op = BatchNormalization(
      scale: try builder.featureWeight(context.constant(1), channels),
      shift: try builder.featureWeight(context.constant(2), channels),
      mean: try builder.featureWeight(context.constant(3), channels),
      variance: try builder.featureWeight(context.constant(4), channels), epsilon: epsilon)
    return .activation(
      try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
        try builder.add(name, .batchNormalization(op), [wire])
      })
  }
}
