internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Cast and CastLike, opset 7 and newer: from float to float, and of constants.
///
///     Cast(x) → x;  the wires carry real numbers whatever the width was
enum CastLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Cast", inputs: .init(1...1), attributes: ["to", "saturate", "round_mode"],
      activations: lower, constants: fold),
    ONNXLowering(
      "CastLike", opsets: 15...ONNXOpsets.newest, inputs: .init(2...2),
      attributes: ["saturate", "round_mode"], activations: lower, constants: fold),
  ]

  private static func target(_ context: ONNXNodeContext) throws(PackError) -> ElementType {
    if context.node.operatorName == "CastLike" {
      switch try context.value(1) {
      case .activation: return .float32
      case .constant(let constant): return constant.tensor.type
      case .integers, .sampleIndices, .outputs, .unavailable: return .int64
      }
    }
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
    guard type.isFloatingPoint, type != .bfloat16 else {
      throw context.unsupported(
        "an activation is cast to \(type.rawValue)", hint: "keep activations in floating point")
    }
    if try context.isKnown(0) { return try fold(context, &builder) }
    return .activation(try context.activation(0, &builder))
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let type = try target(context)
    switch try context.value(0) {
    case .integers(let integers): return try cast(integers, type, context, &builder)
    case .constant(let constant):
      let isReal = constant.tensor.quantization != nil && type.isFloatingPoint
      if constant.tensor.type == type || isReal { return .constant(constant) }
      if let integers = try SymbolicIntegers(constant.tensor) {
        return try cast(integers, type, context, &builder)
      }
      // A float constant keeps its stored width: every reader takes it as float32.
      if type.isFloatingPoint { return .constant(constant) }
      let values = try builder.floats(constant)
      guard values.count <= SymbolicIntegers.largestCount else { break }
      var integers: [SymbolicInteger] = []
      for value in values {
        guard
          let number = type == .bool
            ? (value != 0 ? 1 : 0) : Int64(exactly: value.rounded(.towardZero))
        else { throw context.unsupported("\(value) is cast to an integer", hint: "fold it") }
        integers.append(SymbolicInteger(constant: number))
      }
      return .integers(try SymbolicIntegers(constant.tensor.shape.dimensions, integers))
    case .activation, .sampleIndices, .outputs, .unavailable: break
    }
    throw context.unsupported(
      "a constant is cast to \(type.rawValue)",
      hint: "fold the constants of the model before export")
  }

  private static func cast(
    _ integers: SymbolicIntegers, _ type: ElementType, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    if type == .bool {
      let flags = integers.values.map { value in
        // A number of samples is never zero.
        SymbolicInteger(constant: value == SymbolicInteger() ? 0 : 1)
      }
      return .integers(try SymbolicIntegers(integers.dimensions, flags))
    }
    guard type.isFloatingPoint else { return .integers(integers) }
    guard let known = integers.known else {
      // Shape computations in floating point come back to integers; the batch survives in them.
      return .integers(integers)
    }
    try builder.reserve(elements: known.count)
    let tensor = try Tensor(shape: Shape(integers.dimensions), floats: known.map { Float($0) })
    return .constant(ONNXConstant(name: context.name, tensor: tensor))
  }
}
