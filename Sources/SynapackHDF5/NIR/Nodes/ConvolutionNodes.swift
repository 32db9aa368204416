internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Conv1d and Conv2d, weights [O, I/groups, k…].
///
///     Conv1d(x), Conv2d(x) → convolution
enum ConvolutionNodes: NIRNodeFamily {
  static let lowerings = [lowering(1), lowering(2)]

  private static func lowering(_ axes: Int) -> NIRLowering {
    NIRLowering(
      "Conv\(axes)d",
      fields: ["input_shape", "weight", "stride", "padding", "dilation", "groups", "bias"]
    ) { (context, builder) throws(PackError) in
      try lower(axes, context, &builder)
    }
  }

  private static func lower(
    _ axes: Int, _ context: NIRNodeContext, _ builder: inout NIRGraphBuilder
  ) throws(PackError) -> WireID {
    let input = builder.shape(context.input)
    var weight = try context.array("weight")
    guard input.rank == axes + 1, weight.shape.rank == axes + 2, weight.shape.count > 0 else {
      throw context.wrongShape("weights \(weight.shape) for an input of \(input)")
    }
    try checkInput(axes, input, context)
    let kernel = Array(weight.shape.dimensions.dropFirst(2))
    if axes == 1 {
      weight = try weight.reshaped(
        Shape([weight.shape[0], weight.shape[1], 1, weight.shape[2]]))
    }
    let stride = try context.sizes("stride", axes, in: 1...(1 << 20))
    let dilation = try context.sizes("dilation", axes, in: 1...(1 << 20))
    let padding = try padding(axes, kernel, stride: stride, dilation: dilation, context)
    func extent(_ sizes: [Int], _ standard: Int = 1) -> Extent {
      axes == 1 ? Extent(y: standard, x: sizes[0]) : Extent(y: sizes[0], x: sizes[1])
    }
    let (before, after) = (extent(padding.before, 0), extent(padding.after, 0))
    let window = Window(
      kernel: extent(kernel), stride: extent(stride), dilation: extent(dilation),
      padding: Edges(top: before.y, left: before.x, bottom: after.y, right: after.x))
    let op = Convolution(
      weight: try builder.store(context.name + "/weight", weight),
      bias: try builder.store(context.name + "/bias", context.array("bias")), window: window,
      groups: try context.integer("groups", default: 1))
    return try builder.add(context.name, .convolution(op), [context.input])
  }

  /// The stated extents of the input must be those that arrive.
  private static func checkInput(
    _ axes: Int, _ input: Shape, _ context: NIRNodeContext
  ) throws(PackError) {
    guard context.node.arrays["input_shape"] != nil else { return }
    let stated = try context.sizes("input_shape", axes, in: 1...(1 << 24))
    guard stated == Array(input.dimensions.dropFirst()) else {
      throw context.wrongShape("the input shape is \(stated), \(input) arrives")
    }
  }

  private static func padding(
    _ axes: Int, _ kernel: [Int], stride: [Int], dilation: [Int], _ context: NIRNodeContext
  ) throws(PackError) -> (before: [Int], after: [Int]) {
    guard let text = context.node.texts["padding"] else {
      let cells = try context.sizes("padding", axes, in: 0...(1 << 20))
      return (cells, cells)
    }
    switch text {
    case "valid":
      let none = kernel.map { _ in 0 }
      return (none, none)
    case "same":
      // With larger strides readers disagree on what the same size is.
      guard stride.allSatisfy({ $0 == 1 }) else {
        throw context.unsupported(
          "the padding is `same` with the stride \(stride)", hint: "state the padding in cells")
      }
      let missing = zip(kernel, dilation).map { ($0 - 1) * $1 }
      return (missing.map { $0 / 2 }, missing.map { $0 - $0 / 2 })
    default:
      throw context.unsupported("the padding is `\(text)`", hint: "use same, valid or cells")
    }
  }
}
