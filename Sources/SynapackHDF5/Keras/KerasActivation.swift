internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The functions that Keras knows by name, as layers have them in `activation`.
///
/// Source: Keras 2 and 3, `keras.activations`.
enum KerasActivation {
  /// Applies the function that a key names; a key without a value means none.
  static func apply(
    _ key: String, _ context: KerasLayerContext, to value: KerasTensor,
    _ builder: inout KerasGraphBuilder, suffix: String = ".activation"
  ) throws(PackError) -> KerasTensor {
    guard let stated = context.config[key] else { return value }
    guard let function = stated.string ?? stated.member("config")?.string else {
      // What stands there is the author's code in some form, of use to nobody.
      throw PackError(
        .kerasCode, "`\(key)` is no function that Keras knows by name",
        hint: "use one of Keras' own activations and save the model again")
    }
    return try apply(function, context, to: value, &builder, name: context.name + suffix)
  }

  static func apply(
    _ function: String, _ context: KerasLayerContext, to value: KerasTensor,
    _ builder: inout KerasGraphBuilder, name: String
  ) throws(PackError) -> KerasTensor {
    if function == "linear" { return value }
    if function == "tanh_shrink" {
      let bent = try builder.add(
        name + ".tanh", .activation(Activation(.hyperbolicTangent)), [value.wire])
      let wire = try builder.add(name, .binary(Binary(.subtract)), [value.wire, bent])
      return KerasTensor(wire: wire, shape: value.shape, layout: value.layout)
    }
    if function == "softmax" || function == "log_softmax" {
      return try softmax(
        value, axis: -1, isLogarithmic: function == "log_softmax", context, &builder, name: name)
    }
    guard let op = op(function, majorVersion: builder.majorVersion) else {
      throw context.unsupported(
        "the activation is `\(function)`", hint: "use one of Keras' common activations")
    }
    let wire = try builder.add(name, op, [value.wire])
    return KerasTensor(wire: wire, shape: value.shape, layout: value.layout)
  }

  private static func op(_ function: String, majorVersion: Int) -> Op? {
    switch function {
    case "relu": .relu(Relu())
    case "relu6": .clip(Clip(lower: 0, upper: 6))
    default: elementwise(function, majorVersion: majorVersion).map { .activation(Activation($0)) }
    }
  }

  private static func elementwise(
    _ function: String, majorVersion: Int
  ) -> Activation.Function? {
    switch function {
    case "elu": .elu(alpha: 1)
    case "selu": .selu(alpha: 1.6732632, gamma: 1.050701)
    case "celu": .celu(alpha: 1)
    case "sigmoid": .sigmoid
    case "tanh": .hyperbolicTangent
    case "softplus": .softplus
    case "softsign": .softsign
    case "exponential": .exponential
    case "gelu": .gelu
    case "silu", "swish": .silu
    case "mish": .mish
    case "hard_silu", "hard_swish": .hardSwish
    case "leaky_relu": .leakyRelu(slope: 0.2)
    // Keras 3 took over the steeper form of other frameworks.
    case "hard_sigmoid":
      majorVersion < 3
        ? .hardSigmoid(slope: 0.2, offset: 0.5) : .hardSigmoid(slope: 1 / 6, offset: 0.5)
    default: nil
    }
  }

  /// Softmax along an axis as Keras counts it.
  static func softmax(
    _ value: KerasTensor, axis: Int, isLogarithmic: Bool = false, _ context: KerasLayerContext,
    _ builder: inout KerasGraphBuilder, name: String
  ) throws(PackError) -> KerasTensor {
    guard let place = value.wireAxis(axis) else {
      throw context.unsupported("the axis is \(axis)", hint: "use an axis of the input")
    }
    // The order within a vector does not matter to softmax, only where it lies.
    let op = Softmax(
      axis: place == builder.shape(value.wire).rank - 1 ? -1 : place,
      isLogarithmic: isLogarithmic)
    let wire = try builder.add(name, .softmax(op), [value.wire])
    return KerasTensor(wire: wire, shape: value.shape, layout: value.layout)
  }
}
