internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Functions of single values, and rounding.
///
///     RELU, RELU6, RELU_N1_TO_1, LOGISTIC, TANH, HARD_SWISH, LEAKY_RELU  → the function
///     QUANTIZE → rounding to the output's levels      DEQUANTIZE → nothing: values are real here
enum TFLiteElementwise: TFLiteLoweringFamily {
  static let lowerings = [
    plain(19, "RELU", .relu(Relu())),
    plain(20, "RELU_N1_TO_1", .clip(Clip(lower: -1, upper: 1))),
    plain(21, "RELU6", .clip(Clip(lower: 0, upper: 6))),
    plain(14, "LOGISTIC", .activation(Activation(.sigmoid))),
    plain(28, "TANH", .activation(Activation(.hyperbolicTangent))),
    plain(117, "HARD_SWISH", .activation(Activation(.hardSwish))),
    TFLiteLowering(98, "LEAKY_RELU", inputs: 1...1, options: 75) {
      (context, builder) throws(PackError) in
      let slope = try context.floatOption(0, default: 0)
      return try apply(.activation(Activation(.leakyRelu(slope: slope))), context, &builder)
    },
    TFLiteLowering(114, "QUANTIZE", inputs: 1...1) { (context, builder) throws(PackError) in
      try context.activation(0, &builder)
    },
    TFLiteLowering(6, "DEQUANTIZE", inputs: 1...1) { (context, builder) throws(PackError) in
      try context.activation(0, &builder)
    },
    TFLiteLowering(25, "SOFTMAX", inputs: 1...1, options: 9, softmax),
  ]

  private static func plain(_ code: Int32, _ name: String, _ op: Op) -> TFLiteLowering {
    TFLiteLowering(code, name, inputs: 1...1) { (context, builder) throws(PackError) in
      try apply(op, context, &builder)
    }
  }

  private static func apply(
    _ op: Op, _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    return try context.result(
      try builder.network.add(context.name, op, [input.wire]), builder)
  }

  /// SoftmaxOptions: beta 0. Over the last axis of the file.
  @Sendable private static func softmax(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let beta = try context.floatOption(0, default: 0)
    var wire = input.wire
    if beta != 1 {
      wire = try builder.network.add(context.name + ".beta", .scale(Scale(factor: beta)), [wire])
    }
    guard let axis = input.axis(-1) else { throw context.malformed("an input without axes") }
    let op = Softmax(axis: input.extents.count == 1 ? -1 : axis, isLogarithmic: false)
    return try context.result(try builder.network.add(context.name, .softmax(op), [wire]), builder)
  }
}
