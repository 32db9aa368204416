internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Gemm, opset 7 and newer, with constant weights.
///
///     Gemm(x, B, C) = α·x·B + β·C → linear;  B is stored transposed unless transB, with α folded
enum GemmLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Gemm", inputs: .init(2...3), attributes: ["alpha", "beta", "transA", "transB"],
      activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard !(try context.flag("transA")) else {
      throw context.unsupported(
        "transA is 1, which mixes the samples of a batch", hint: "export the model with transA=0")
    }
    let wire = try context.wire(0)
    let matrix = try context.constant(1)
    let alpha = try context.float("alpha", default: 1)
    let beta = try context.float("beta", default: 1)
    let weight = try linearWeight(
      matrix, outputsFirst: try context.flag("transB"), factor: alpha, context, &builder)
    var linear = Linear(weight: weight.name, bias: nil)
    if context.has(2) {
      linear.bias = try builder.featureWeight(
        context.constant(2), weight.outputs, factor: beta)
    }
    return .wire(try builder.add(context.name, .linear(linear), [wire]))
  }
}

/// Stores a matrix as the weights [O, I] of a linear layer.
///
/// - Parameter outputsFirst: whether the constant is [O, I] already; otherwise it is [I, O].
func linearWeight(
  _ constant: ONNXConstant, outputsFirst: Bool, factor: Float = 1, _ context: ONNXNodeContext,
  _ builder: inout ONNXGraphBuilder
) throws(PackError) -> (name: String, outputs: Int) {
  let shape = constant.tensor.shape
  guard shape.rank == 2, shape.count > 0 else {
    throw context.wrongShape("`\(constant.name)` is \(shape), a matrix was expected")
  }
  if outputsFirst, factor == 1 { return (try builder.weight(constant), shape[0]) }
  let (outputs, inputs) = outputsFirst ? (shape[0], shape[1]) : (shape[1], shape[0])
  let form = "\(outputsFirst ? "matrix" : "transposed") · \(factor)"
  let name = try builder.derivedWeight(constant, form: form, Shape([outputs, inputs])) {
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
  return (name, outputs)
}
