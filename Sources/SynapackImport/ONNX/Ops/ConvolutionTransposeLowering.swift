internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// ConvTranspose, opset 7 and newer, over one to three dimensions with constant weights.
///
///     ConvTranspose(x, W, B) → convolutionTranspose
enum ConvolutionTransposeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "ConvTranspose", inputs: .init(2...3),
      attributes: ONNXWindow.attributes.union(["group", "output_padding", "output_shape"]),
      activations: lower)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let weight = try context.constant(1)
    let shape = weight.tensor.shape
    let rank = shape.rank - 2
    guard (1...3).contains(rank), input.rank == shape.rank else {
      throw context.wrongShape("weights \(shape) do not fit an input of \(input.dimensions)")
    }
    guard let groups = Int(exactly: try context.integer("group", default: 1)),
      (1...1 << 20).contains(groups), shape[1] <= 1 << 30
    else { throw context.unsupported("group is not positive", hint: "export the model again") }
    let kernel = Array(shape.dimensions.dropFirst(2))
    let (window, extra) = try geometry(context, kernel, Array(input.dimensions.dropFirst(2)))
    let op = ConvolutionTranspose(
      weight: try builder.weight(weight),
      bias: context.has(2)
        ? try builder.featureWeight(context.constant(2), shape[1] * groups) : nil,
      window: window, outputPadding: extra, groups: groups)
    return .activation(
      try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
        try builder.add(name, .convolutionTranspose(op), [wire])
      })
  }

  /// The window and the further cells of the output, from pads or from the output's extents:
  ///
  ///     total padding = stride·(in − 1) + extra + dilation·(kernel − 1) + 1 − out
  private static func geometry(
    _ context: ONNXNodeContext, _ kernel: [Int], _ input: [Int]
  ) throws(PackError) -> (VolumeWindow, [Int]) {
    let rank = kernel.count
    let positive = 1...ONNXWindow.largest
    let ones = Array(repeating: 1, count: rank)
    let zeros = Array(repeating: 0, count: rank)
    if let stated = try ONNXWindow.list(context, "kernel_shape", rank, positive), stated != kernel {
      throw context.wrongShape("kernel_shape \(stated) is not that of the weights, \(kernel)")
    }
    let strides = try ONNXWindow.list(context, "strides", rank, positive) ?? ones
    let dilations = try ONNXWindow.list(context, "dilations", rank, positive) ?? ones
    let extra =
      try ONNXWindow.list(context, "output_padding", rank, 0...ONNXWindow.largest) ?? zeros
    var before = zeros
    var after = zeros
    let mode = try context.string("auto_pad", default: "NOTSET")
    let stated = try ONNXWindow.list(context, "output_shape", rank, positive)
    if stated != nil || mode.hasPrefix("SAME") {
      for axis in 0..<rank {
        let output = stated?[axis] ?? input[axis] * strides[axis]
        let full = strides[axis] * (input[axis] - 1) + extra[axis]
        // Fewer cells than asked for are filled with what the bias alone gives.
        let total = full + dilations[axis] * (kernel[axis] - 1) + 1 - output
        let half = total >= 0 ? total / 2 : (total - 1) / 2
        before[axis] = mode == "SAME_UPPER" ? half : total - half
        after[axis] = total - before[axis]
      }
    } else if mode == "NOTSET" || mode.isEmpty {
      let pads =
        try ONNXWindow.list(context, "pads", 2 * rank, 0...ONNXWindow.largest) ?? zeros + zeros
      before = Array(pads[..<rank])
      after = Array(pads[rank...])
    } else if mode != "VALID" {
      throw context.unsupported("auto_pad is `\(mode)`", hint: "export explicit pads")
    }
    let window = VolumeWindow(
      kernel: kernel, stride: strides, dilation: dilations, before: before, after: after)
    return (window, extra)
  }
}
