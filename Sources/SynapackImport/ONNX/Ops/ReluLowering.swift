internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Relu, opset 7 and newer.
///
///     Relu(x) → relu
enum ReluLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Relu", inputs: .init(1...1),
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        return .activation(
          try builder.add(
            context.name, .relu(Relu()), [input.wire], as: input.dimensions, input.batch))
      })
  ]
}
