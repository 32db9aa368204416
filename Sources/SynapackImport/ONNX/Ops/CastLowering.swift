internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Cast, opset 7 and newer: from float to float, and of constants.
///
///     Cast(x) → x;  the wires carry real numbers whatever the width was
enum CastLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Cast", inputs: .init(1...1), attributes: ["to", "saturate", "round_mode"],
      activations: lower, constants: fold)
  ]

  private static func target(_ context: ONNXNodeContext) throws(PackError) -> ElementType {
    let code = try context.integer("to", default: 0)
    guard let code = Int32(exactly: code), let type = try? elementType(code) else {
      throw context.unsupported("the target type \(code)", hint: "cast to float32")
    }
    return type
  }

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let type = try target(context)
    guard type.isFloatingPoint else {
      throw context.unsupported(
        "an activation is cast to \(type.rawValue)", hint: "keep activations in floating point")
    }
    return .wire(try context.wire(0))
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let type = try target(context)
    switch try context.value(0) {
    case .integers(let integers) where type == .int64 || type == .int32:
      return .integers(integers)
    case .constant(let constant) where constant.tensor.type == type:
      return .constant(constant)
    // A float constant keeps its stored width: every reader takes it as float32.
    case .constant(let constant)
    where constant.tensor.type.isFloatingPoint && (type == .float32 || type == .float64):
      return .constant(constant)
    case .constant(let constant)
    where !constant.tensor.type.isFloatingPoint && (type == .int64 || type == .int32):
      return .integers(try context.integers(0))
    case .constant(let constant)
    where !constant.tensor.type.isFloatingPoint && type == .float32:
      try builder.reserve(elements: constant.tensor.shape.count)
      let tensor = try Tensor(shape: constant.tensor.shape, floats: constant.tensor.floats())
      return .constant(ONNXConstant(name: context.node.outputs[0], tensor: tensor))
    default:
      throw context.unsupported(
        "a constant is cast to \(type.rawValue)",
        hint: "fold the constants of the model before export")
    }
  }
}
