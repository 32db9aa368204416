internal import SynapackGraph
internal import SynapackSupport

/// Functions of one value, opset 7 and newer.
///
///     Sigmoid(x), Tanh(x), … → activation
enum ActivationLowering: ONNXLoweringFamily {
  static let lowerings =
    plain.map { name, function in
      lowering(name, []) { (_) throws(PackError) in function }
    } + [
      lowering("LeakyRelu", ["alpha"]) { (context) throws(PackError) in
        .leakyRelu(slope: try context.float("alpha", default: 0.01))
      },
      lowering("HardSigmoid", ["alpha", "beta"]) { (context) throws(PackError) in
        .hardSigmoid(
          slope: try context.float("alpha", default: 0.2),
          offset: try context.float("beta", default: 0.5))
      },
      lowering("Elu", ["alpha"]) { (context) throws(PackError) in
        .elu(alpha: try context.float("alpha", default: 1))
      },
      lowering("Celu", ["alpha"]) { (context) throws(PackError) in
        .celu(alpha: try context.float("alpha", default: 1))
      },
      lowering("Selu", ["alpha", "gamma"]) { (context) throws(PackError) in
        .selu(
          alpha: try context.float("alpha", default: 1.67326319217681884765625),
          gamma: try context.float("gamma", default: 1.05070102214813232421875))
      },
      lowering("ThresholdedRelu", ["alpha"]) { (context) throws(PackError) in
        .thresholdedRelu(alpha: try context.float("alpha", default: 1))
      },
      lowering("Gelu", ["approximate"]) { (context) throws(PackError) in
        switch try context.string("approximate", default: "none") {
        case "none": return .gelu
        case "tanh": return .geluTanh
        case let form:
          throw context.unsupported("approximate is `\(form)`", hint: "use none or tanh")
        }
      },
    ]

  private static let plain: [(String, Activation.Function)] = [
    ("Abs", .absolute), ("Ceil", .ceiling), ("Cos", .cosine), ("Erf", .errorFunction),
    ("Exp", .exponential), ("Floor", .floor), ("HardSwish", .hardSwish), ("Log", .logarithm),
    ("Mish", .mish), ("Neg", .negate), ("Reciprocal", .reciprocal), ("Round", .roundHalfEven),
    ("Sigmoid", .sigmoid), ("Sign", .sign), ("Sin", .sine), ("Softplus", .softplus),
    ("Softsign", .softsign), ("Sqrt", .squareRoot), ("Tanh", .hyperbolicTangent),
  ]

  private static func lowering(
    _ name: String, _ attributes: Set<String>,
    _ function: @escaping @Sendable (ONNXNodeContext) throws(PackError) -> Activation.Function
  ) -> ONNXLowering {
    let body: ONNXLowering.Body = { (context, builder) throws(PackError) in
      let input = try context.activation(0, &builder)
      let op = Activation(try function(context))
      return .activation(
        try builder.add(
          context.name, .activation(op), [input.wire], as: input.dimensions, input.batch))
    }
    return ONNXLowering(
      name, inputs: .init(1...1), attributes: attributes, activations: body,
      integers: name == "Neg" ? negated : nil)
  }

  @Sendable private static func negated(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let minus = try SymbolicIntegers([], [SymbolicInteger(constant: -1)])
    return .integers(try context.integers(0).combined(minus, ArithmeticLowering.product))
  }
}
