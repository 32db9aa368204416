internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Conv, opset 7 and newer, with constant weights.
///
///     Conv(x, W, B), one or two dimensions → convolution;  W [O, I, k] is stored as [O, I, 1, k]
///     Conv(x, W, B), three dimensions      → volumeConvolution
enum ConvolutionLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Conv", inputs: .init(2...3), attributes: ONNXWindow.attributes.union(["group"]),
      activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let weight = try context.constant(1)
    let dimensions = weight.tensor.shape.dimensions
    guard dimensions.count >= 3, dimensions.count == input.rank else {
      throw context.wrongShape(
        "weights \(weight.tensor.shape) do not fit an input of \(input.dimensions)")
    }
    let window = try ONNXWindow(
      context, kernel: Array(dimensions.dropFirst(2)), input: Array(input.dimensions.dropFirst(2)))
    guard let groups = Int(exactly: try context.integer("group", default: 1)), groups > 0 else {
      throw context.unsupported("group is not positive", hint: "export the model again")
    }
    let bias =
      try context.has(2) ? builder.featureWeight(context.constant(2), dimensions[0]) : nil
    let flat = dimensions.count == 3
    let shape = try flat ? Shape([dimensions[0], dimensions[1], 1, dimensions[2]]) : nil
    let name = try builder.weight(weight, as: shape)
    let op: Op
    if let plane = window.plane {
      op = .convolution(Convolution(weight: name, bias: bias, window: plane, groups: groups))
    } else {
      op = .volumeConvolution(
        VolumeConvolution(weight: name, bias: bias, window: window.volume, groups: groups))
    }
    return .activation(
      try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
        try builder.add(name, op, [wire])
      })
  }
}
