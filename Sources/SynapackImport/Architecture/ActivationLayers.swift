internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Functions of single values, with PyTorch's constants.
///
///     - relu                - relu6                 - clip: [0, 6]        - leaky-relu: 0.01
///     - sigmoid             - tanh                  - gelu                - gelu-tanh
///     - silu                - hard-swish            - hard-sigmoid        - softmax
enum ActivationLayers: ArchitectureLayerFamily {
  static let layers =
    [
      plain("relu", .relu(Relu())), plain("relu6", .clip(Clip(lower: 0, upper: 6))),
      plain("sigmoid", .activation(Activation(.sigmoid))),
      plain("tanh", .activation(Activation(.hyperbolicTangent))),
      plain("gelu", .activation(Activation(.gelu))),
      plain("gelu-tanh", .activation(Activation(.geluTanh))),
      plain("silu", .activation(Activation(.silu))),
      plain("hard-swish", .activation(Activation(.hardSwish))),
      plain("hard-sigmoid", .activation(Activation(.hardSigmoid(slope: 1 / 6, offset: 0.5)))),
      plain("softmax", .softmax(Softmax())),
      ArchitectureLayer("clip") { (context, builder) throws(PackError) in
        let limits = context.value.items()
        guard limits.count == 2 else { throw context.refusal("`clip` takes [lower, upper]") }
        let lower = try context.number(limits[0], "lower", default: nil)
        let upper = try context.number(limits[1], "upper", default: nil)
        guard lower < upper else { throw context.refusal("`clip` takes lower < upper") }
        return try builder.network.add(
          context.name, .clip(Clip(lower: lower, upper: upper)), [context.input()])
      },
      ArchitectureLayer("leaky-relu") { (context, builder) throws(PackError) in
        let slope = try context.number(context.ownValue, "leaky-relu", default: 0.01)
        return try builder.network.add(
          context.name, .activation(Activation(.leakyRelu(slope: slope))), [context.input()])
      },
    ]

  private static func plain(_ kind: String, _ op: Op) -> ArchitectureLayer {
    ArchitectureLayer(kind) { (context, builder) throws(PackError) in
      guard context.ownValue == nil else { throw context.refusal("`\(kind)` takes no value") }
      return try builder.network.add(context.name, op, [context.input()])
    }
  }
}
