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
        .wire(try builder.add(context.name, .relu(Relu()), [context.wire(0)]))
      })
  ]
}
