internal import SynapackGraph
internal import SynapackSupport

/// Activation by name, ELU, LeakyReLU and ThresholdedReLU.
///
///     Activation(f)       → what ``KerasActivation`` says
///     ELU(α)              → elu
///     LeakyReLU(slope)    → leakyRelu; the slope was called alpha before Keras 3
///     ThresholdedReLU(θ)  → thresholdedRelu
enum ActivationLayers: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Activation", keys: ["activation"]) { (context, builder) throws(PackError) in
      try KerasActivation.apply("activation", context, to: context.input, &builder, suffix: "")
    },
    KerasLowering("ELU", keys: ["alpha"]) { (context, builder) throws(PackError) in
      let alpha = Float(try context.config.number("alpha", default: 1))
      return try context.elementwise(.elu(alpha: alpha), &builder)
    },
    KerasLowering("LeakyReLU", keys: ["alpha", "negative_slope"]) {
      (context, builder) throws(PackError) in
      let older = try context.config.number("alpha", default: 0.3)
      let slope = Float(try context.config.number("negative_slope", default: older))
      return try context.elementwise(.leakyRelu(slope: slope), &builder)
    },
    KerasLowering("ThresholdedReLU", keys: ["theta"]) { (context, builder) throws(PackError) in
      let theta = Float(try context.config.number("theta", default: 1))
      return try context.elementwise(.thresholdedRelu(alpha: theta), &builder)
    },
  ]
}

extension KerasLayerContext {
  /// The layer as one function of each value.
  func elementwise(
    _ function: Activation.Function, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    try unary(.activation(Activation(function)), &builder)
  }

  /// The layer as one operator that keeps the shape and does not care for the order.
  func unary(_ op: Op, _ builder: inout KerasGraphBuilder) throws(PackError) -> KerasTensor {
    let wire = try builder.add(name, op, [input.wire])
    return KerasTensor(wire: wire, shape: input.shape, layout: input.layout)
  }
}
