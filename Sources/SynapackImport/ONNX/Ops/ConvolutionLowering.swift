internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Conv, opset 7 and newer, over one or two dimensions with constant weights.
///
///     Conv(x, W, B) → convolution;  W [O, I, k] is stored as [O, I, 1, k]
enum ConvolutionLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Conv", inputs: .init(2...3), attributes: ONNXWindow.attributes.union(["group"]),
      activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let weight = try context.constant(1)
    let input = builder.shape(wire)
    let dimensions = weight.tensor.shape.dimensions
    guard (3...4).contains(dimensions.count), dimensions.count == input.rank + 1 else {
      throw context.wrongShape(
        "weights \(weight.tensor.shape) do not fit samples of \(input); one and two spatial "
          + "dimensions are supported")
    }
    let window = try ONNXWindow(context, kernel: Array(dimensions.dropFirst(2)), input: input)
    guard let groups = Int(exactly: try context.integer("group", default: 1)), groups > 0 else {
      throw context.unsupported("group is not positive", hint: "export the model again")
    }
    let flat = dimensions.count == 3
    let shape = try flat ? Shape([dimensions[0], dimensions[1], 1, dimensions[2]]) : nil
    let convolution = Convolution(
      weight: try builder.weight(weight, as: shape),
      bias: context.has(2)
        ? try builder.featureWeight(context.constant(2), dimensions[0]) : nil,
      window: window.window, groups: groups)
    return .wire(try builder.add(context.name, .convolution(convolution), [wire]))
  }
}
