internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// SeparableConv1D and SeparableConv2D.
///
///     SeparableConv(x) → convolution channel by channel, then one with a kernel of one cell
enum SeparableLayers: KerasLayerFamily {
  static let lowerings = [lowering(1), lowering(2)]

  private static func lowering(_ axes: Int) -> KerasLowering {
    KerasLowering(
      "SeparableConv\(axes)D",
      keys: [
        "filters", "kernel_size", "strides", "padding", "depth_multiplier", "data_format",
        "dilation_rate", "activation", "use_bias",
      ],
      harmless: KerasLowering.training(of: "depthwise", "pointwise", "kernel", "bias")
        .union(["groups"])
    ) { (context, builder) throws(PackError) in
      try lower(axes, context, &builder)
    }
  }

  private static func lower(
    _ axes: Int, _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let input = try context.planes(axes, &builder)
    let config = context.config
    let channels = input.shape[axes]
    let filters = try config.sizes("filters", 1)[0]
    let multiplier = try config.sizes("depth_multiplier", 1, default: 1)[0]
    let window = try KerasWindow(
      kernel: config.sizes("kernel_size", axes), stride: config.sizes("strides", axes, default: 1),
      dilation: config.sizes("dilation_rate", axes, default: 1),
      input: Array(input.shape.prefix(axes)), context)
    let hasBias = try config.flag("use_bias", default: true)
    let names = ["depthwise_kernel", "pointwise_kernel"] + (hasBias ? ["bias"] : [])
    let variables = try context.variables(names, &builder)
    let depthwise = try builder.depthwiseKernel(
      context.variable(names[0], of: variables, shape: window.kernel + [channels, multiplier]),
      window.kernel, channels: channels, multiplier: multiplier)
    let cell = window.kernel.map { _ in 1 }
    let middle = channels * multiplier
    let pointwise = try builder.convolutionKernel(
      context.variable(names[1], of: variables, shape: cell + [middle, filters]), cell,
      inputs: middle, outputs: filters)
    let bias =
      hasBias
      ? builder.store(try context.variable("bias", of: variables, shape: [filters])) : nil
    let spread = Convolution(
      weight: depthwise, bias: nil, window: window.plane, groups: channels)
    let wire = try builder.add(
      context.name + ".depthwise", .convolution(spread), [input.wire])
    let mix = Convolution(
      weight: pointwise, bias: bias, window: Window(kernel: Extent(y: 1, x: 1)))
    let result = KerasTensor(
      planes: try builder.add(context.name, .convolution(mix), [wire]), builder)
    return try KerasActivation.apply("activation", context, to: result, &builder)
  }
}
