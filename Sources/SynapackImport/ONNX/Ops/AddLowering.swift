internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Add, opset 7 and newer.
///
///     Add(x, y)                    → add
///     Add(MatMul(x, W), constant)  → the bias of the linear layer
///     Add(x, constant)             → channelAffine with the constant as its shift
enum AddLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Add", inputs: .init(2...2), activations: lower,
      constants: { (context, _) throws(PackError) in
        try ArithmeticLowering.combine(context, ArithmeticLowering.sum)
      })
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    switch (try context.value(0), try context.value(1)) {
    case (.wire(let left), .wire(let right)):
      return .wire(try builder.add(context.name, .add(Add()), [left, right]))
    case (.wire(let wire), _):
      return .wire(try shift(wire, context.node.inputs[0], context.constant(1), context, &builder))
    case (_, .wire(let wire)):
      return .wire(try shift(wire, context.node.inputs[1], context.constant(0), context, &builder))
    default:
      throw context.unsupported(
        "no input is an activation", hint: "fold the constants of the model before export")
    }
  }

  private static func shift(
    _ wire: WireID, _ output: String, _ constant: ONNXConstant, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> WireID {
    let sample = builder.shape(wire)
    let form = try form(constant.tensor.shape, sample, context)
    if sample.rank == 1, try builder.foldBias(output, constant) { return wire }
    let name: String
    switch form {
    case .channels: name = try builder.featureWeight(constant, sample[0])
    case .positions(let dimensions):
      name = try builder.derivedWeight(
        constant, form: "channels of \(sample)", Shape([sample[0]])
      ) { (builder) throws(PackError) in
        try uniform(builder.floats(constant), dimensions, sample, context)
      }
    }
    let affine = ChannelAffine(scale: nil, shift: name)
    return try builder.add(context.name, .channelAffine(affine), [wire])
  }

  private enum Form {
    /// One value, or one for each channel.
    case channels
    /// Values that also vary along other axes, by these extents of one sample.
    case positions([Int])
  }

  /// How a constant is spread over samples; shapes are aligned at their last axes.
  private static func form(
    _ constant: Shape, _ sample: Shape, _ context: ONNXNodeContext
  ) throws(PackError) -> Form {
    guard constant.count != 1 || constant.rank > sample.rank + 1 else { return .channels }
    var dimensions = constant.dimensions
    if dimensions.count == sample.rank + 1, dimensions[0] == 1 { dimensions.removeFirst() }
    guard dimensions.count <= sample.rank else {
      throw context.wrongShape("a constant of \(constant) does not fit samples of \(sample)")
    }
    dimensions = Array(repeating: 1, count: sample.rank - dimensions.count) + dimensions
    for axis in 0..<sample.rank where dimensions[axis] != 1 && dimensions[axis] != sample[axis] {
      throw context.wrongShape("a constant of \(constant) does not fit samples of \(sample)")
    }
    return dimensions.dropFirst().allSatisfy { $0 == 1 } ? .channels : .positions(dimensions)
  }

  /// The value of each channel, where a constant with further axes repeats itself along them.
  private static func uniform(
    _ values: [Float], _ dimensions: [Int], _ sample: Shape, _ context: ONNXNodeContext
  ) throws(PackError) -> [Float] {
    let plane = values.count / max(1, dimensions[0])
    var result: [Float] = []
    for channel in 0..<sample[0] {
      let start = dimensions[0] == 1 ? 0 : channel * plane
      guard values[start..<start + plane].allSatisfy({ $0 == values[start] }) else {
        throw context.unsupported(
          "a constant that differs from position to position is added",
          hint: "use one value for each channel")
      }
      result.append(values[start])
    }
    return result
  }
}
