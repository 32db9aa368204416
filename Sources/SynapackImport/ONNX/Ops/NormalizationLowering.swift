internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Normalizations by the statistics of the sample itself.
///
///     LayerNormalization(x, γ, β)                              → layerNormalization
///     GroupNormalization(x, γ, β), InstanceNormalization(x, γ, β) → groupNormalization
///     LRN(x)                                                   → localResponseNormalization
///     LpNormalization(x), p = 2                                → reduce, binary
enum NormalizationLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "LayerNormalization", opsets: 17...ONNXOpsets.newest, inputs: .init(2...3),
      attributes: ["axis", "epsilon", "stash_type"], activations: layer),
    ONNXLowering(
      "InstanceNormalization", inputs: .init(3...3), attributes: ["epsilon"],
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        let channels = input.rank > 1 ? input.dimensions[1] : 0
        return .activation(try grouped(input, channels, context, &builder))
      }),
    ONNXLowering(
      "GroupNormalization", opsets: 18...ONNXOpsets.newest, inputs: .init(3...3),
      attributes: ["epsilon", "num_groups", "stash_type"],
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        let groups = Int(clamping: try context.integer("num_groups", default: 0))
        return .activation(try grouped(input, groups, context, &builder))
      }),
    ONNXLowering(
      "LRN", inputs: .init(1...1), attributes: ["alpha", "beta", "bias", "size"],
      activations: local),
  ]

  @Sendable private static func layer(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var input = try context.activation(0, &builder)
    let axis = try context.axis("axis", default: -1, rank: input.rank)
    input = try builder.separated(input, from: Array(axis..<input.rank), context)
    let normalized = try Shape(Array(input.dimensions[axis...]))
    let op = LayerNormalization(
      axis: ONNXGraphBuilder.sampleAxis(axis, input.batch),
      scale: try parameter(context.constant(1), normalized, context, &builder),
      shift: context.has(2)
        ? try parameter(context.constant(2), normalized, context, &builder) : nil,
      epsilon: try context.float("epsilon", default: 1e-5))
    let result = try builder.add(
      context.name, .layerNormalization(op), [input.wire], as: input.dimensions, input.batch)
    guard context.node.outputs.count > 1 else { return .activation(result) }
    return .outputs(
      [.activation(result)] + (try statistics(input, axis, op.epsilon, context, &builder)))
  }

  /// The further outputs of the operator: the mean and one over the standard deviation.
  private static func statistics(
    _ input: ONNXActivation, _ axis: Int, _ epsilon: Float, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> [ONNXValue] {
    let axes = Array(axis..<input.rank)
    func name(_ step: String, _ builder: inout ONNXGraphBuilder) -> String {
      builder.uniqueName("\(context.name).\(step)")
    }
    let mean = try ReduceLowering.reduce(
      input, .mean, axes, keepsAxes: true, name("mean", &builder), context, &builder)
    let offset = try ArithmeticLowering.join(
      input, mean, .subtract, name("offset", &builder), context, &builder)
    let square = try ArithmeticLowering.join(
      offset, offset, .multiply, name("square", &builder), context, &builder)
    let variance = try ReduceLowering.reduce(
      square, .mean, axes, keepsAxes: true, name("variance", &builder), context, &builder)
    let small = try builder.constant(
      ONNXConstant(
        name: name("epsilon", &builder), tensor: try Tensor(shape: Shape([]), floats: [epsilon])))
    var result = try ArithmeticLowering.join(
      variance, small, .add, name("sum", &builder), context, &builder)
    for function in [Activation.Function.squareRoot, .reciprocal] {
      result = try builder.add(
        name("deviation", &builder), .activation(Activation(function)), [result.wire],
        as: result.dimensions, result.batch)
    }
    return [.activation(mean), .activation(result)]
  }

  /// A scale or shift of the normalized shape; leading extents of one are dropped.
  private static func parameter(
    _ constant: ONNXConstant, _ shape: Shape, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> String {
    if constant.tensor.shape == shape { return try builder.weight(constant) }
    guard
      Array(constant.tensor.shape.dimensions.drop { $0 == 1 })
        == Array(shape.dimensions.drop { $0 == 1 })
    else {
      throw context.wrongShape(
        "`\(constant.name)` is \(constant.tensor.shape), \(shape) was expected")
    }
    return try builder.weight(constant, as: shape)
  }

  private static func grouped(
    _ input: ONNXActivation, _ groups: Int, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let channels = input.rank > 1 ? input.dimensions[1] : 0
    guard groups > 0, channels > 0, channels % groups == 0 else {
      throw context.wrongShape("\(channels) channels in \(groups) groups")
    }
    let op = GroupNormalization(
      groups: groups, scale: try channelwise(1, channels, groups, context, &builder),
      shift: try channelwise(2, channels, groups, context, &builder),
      epsilon: try context.float("epsilon", default: 1e-5))
    return try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
      try builder.add(name, .groupNormalization(op), [wire])
    }
  }

  /// One value a channel; up to opset 20 GroupNormalization states one a group.
  private static func channelwise(
    _ index: Int, _ channels: Int, _ groups: Int, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> String {
    let constant = try context.constant(index)
    let isGroupwise = context.node.operatorName == "GroupNormalization" && context.opset < 21
    guard isGroupwise, constant.tensor.shape.count == groups, groups != channels else {
      return try builder.featureWeight(constant, channels)
    }
    return try builder.derivedWeight(
      constant, form: "groups to \(channels) channels", Shape([channels])
    ) { (builder) throws(PackError) in
      let values = try builder.floats(constant)
      return (0..<channels).map { values[$0 / (channels / groups)] }
    }
  }

  @Sendable private static func local(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let size = Int(clamping: try context.integer("size", default: 0))
    guard size > 0 else { throw context.wrongShape("size is \(size)") }
    let op = LocalResponseNormalization(
      size: size, alpha: try context.float("alpha", default: 0.0001),
      beta: try context.float("beta", default: 0.75), bias: try context.float("bias", default: 1))
    return .activation(
      try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
        try builder.add(name, .localResponseNormalization(op), [wire])
      })
  }
}
