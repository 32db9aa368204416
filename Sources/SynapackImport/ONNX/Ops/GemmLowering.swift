internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Gemm, opset 7 and newer.
///
///     Gemm(x, B, C) = α·x·B + β·C → linear, where B and C are constant;  B is stored transposed
///                                   unless transB, with α folded
///     otherwise                   → transpose, matrixProduct, scale, add
enum GemmLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Gemm", inputs: .init(2...3), attributes: ["alpha", "beta", "transA", "transB"],
      activations: { (context, builder) throws(PackError) in
        .activation(try lower(context, &builder))
      })
  ]

  private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var left = try context.activation(0, &builder)
    guard left.rank == 2 else {
      throw context.wrongShape("matrices are multiplied, not \(left.dimensions)")
    }
    if try context.flag("transA") { left = try turned(left, "left", context, &builder) }
    let beta = try context.float("beta", default: 1)
    if try context.isKnown(1), try hasPlainOffset(context) {
      return try linear(left, beta, context, &builder)
    }
    let alpha = try context.float("alpha", default: 1)
    var right = try context.activation(1, &builder)
    if try context.flag("transB") { right = try turned(right, "right", context, &builder) }
    let name = builder.uniqueName(context.name + ".product")
    var result = try MatMulLowering.product(left, right, name, context, &builder)
    result = try scaled(result, alpha, "scaled", context, &builder)
    guard context.has(2) else { return result }
    let offset = try scaled(
      try context.activation(2, &builder), beta, "offset", context, &builder)
    return try ArithmeticLowering.join(result, offset, .add, context.name, context, &builder)
  }

  /// Whether the offset is absent, or constant with one value for each output.
  private static func hasPlainOffset(_ context: ONNXNodeContext) throws(PackError) -> Bool {
    guard context.has(2) else { return true }
    guard try context.isKnown(2) else { return false }
    let shape = try context.constant(2).tensor.shape
    return shape.count == 1 || shape.dimensions.last == shape.count
  }

  private static func linear(
    _ input: ONNXActivation, _ beta: Float, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let matrix = try context.constant(1)
    let isTransposed = try context.flag("transB")
    let weight = try linearWeight(
      matrix, outputsFirst: isTransposed, factor: try context.float("alpha", default: 1), context,
      &builder)
    var linear = Linear(weight: weight, bias: nil)
    if context.has(2) {
      let bias = try context.constant(2)
      let outputs = matrix.tensor.shape[isTransposed ? 0 : 1]
      linear.bias = try builder.featureWeight(bias, outputs, factor: beta)
    }
    return try MatMulLowering.linear(input, linear, context, &builder)
  }

  private static func turned(
    _ value: ONNXActivation, _ side: String, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let value = try builder.separated(value, from: [0, 1], context)
    let name = builder.uniqueName("\(context.name).\(side)")
    guard value.rank == 2 else { throw context.wrongShape("\(value.dimensions) is no matrix") }
    return try builder.add(
      name, .transpose(Transpose(permutation: [1, 0])), [value.wire],
      as: value.dimensions.reversed(), .absent)
  }

  private static func scaled(
    _ value: ONNXActivation, _ factor: Float, _ step: String, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard factor != 1 else { return value }
    return try builder.add(
      builder.uniqueName("\(context.name).\(step)"), .scale(Scale(factor: factor)), [value.wire],
      as: value.dimensions, value.batch)
  }
}

/// Stores a matrix as the weights [O, I] of a linear layer.
///
/// - Parameter outputsFirst: whether the constant is [O, I] already; otherwise it is [I, O].
func linearWeight(
  _ constant: ONNXConstant, outputsFirst: Bool, factor: Float = 1, _ context: ONNXNodeContext,
  _ builder: inout ONNXGraphBuilder
) throws(PackError) -> String {
  let shape = constant.tensor.shape
  guard shape.rank == 2, shape.count > 0 else {
    throw context.wrongShape("`\(constant.name)` is \(shape), a matrix was expected")
  }
  if outputsFirst, factor == 1 { return try builder.weight(constant) }
  if constant.tensor.quantization != nil, factor == 1 {
    // Integers stay integers.
    try builder.reserve(elements: shape.count.times(3) ?? .max)
    let turned = try TransposeLowering.turned(constant.tensor, [1, 0])
    return try builder.weight(ONNXConstant(name: constant.name + ".turned", tensor: turned))
  }
  let (outputs, inputs) = outputsFirst ? (shape[0], shape[1]) : (shape[1], shape[0])
  let form = "\(outputsFirst ? "matrix" : "transposed") · \(factor)"
  return try builder.derivedWeight(constant, form: form, Shape([outputs, inputs])) {
    (builder) throws(PackError) in
    let values = try builder.floats(constant)
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        let index = outputsFirst ? output * inputs + input : input * outputs + output
        result.append(factor == 1 ? values[index] : factor * values[index])
      }
    }
    return result
  }
}
