internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Softmax over the classes, opset 7 and newer; it must be the last node (checked at the end).
///
///     Softmax(x) → softmax
enum SoftmaxLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering("Softmax", inputs: .init(1...1), attributes: ["axis"], activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let shape = builder.shape(wire)
    let axis = try context.integer("axis", default: context.opset < 13 ? 1 : -1)
    guard shape.rank == 1, normalized(axis: axis, rank: 2) == 1 else {
      throw context.unsupported(
        "axis \(axis) of samples of \(shape)",
        hint: "softmax is supported over a vector of classes")
    }
    return .wire(try builder.add(context.name, .softmax(Softmax()), [wire]))
  }
}
