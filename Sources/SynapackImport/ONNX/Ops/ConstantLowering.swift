internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Constant, opset 7 and newer, in each form that holds numbers.
enum ConstantLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Constant", inputs: .init(0...0),
      attributes: ["value", "value_float", "value_floats", "value_int", "value_ints"],
      constants: fold)
  ]

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard context.node.attributes.count == 1, let attribute = context.node.attributes.first,
      let output = context.node.outputs.first
    else { throw context.unsupported("it must have one value", hint: "export the model again") }
    let tensor: Tensor
    switch (attribute.name, attribute.value) {
    case ("value", .tensor(let stored)): tensor = try builder.decode(stored)
    case ("value_float", .float(let value)):
      tensor = try Tensor(shape: Shape([]), floats: [value])
    case ("value_floats", .floats(let values)):
      tensor = try Tensor(shape: Shape([values.count]), floats: values)
    case ("value_int", .integer(let value)):
      tensor = try Tensor(shape: Shape([]), integers: [value])
    case ("value_ints", .integers(let values)):
      tensor = try Tensor(shape: Shape([values.count]), integers: values)
    default:
      throw context.unsupported(
        "\(attribute.name) holds another kind of value", hint: "export the model again")
    }
    return .constant(ONNXConstant(name: output, tensor: tensor))
  }
}
