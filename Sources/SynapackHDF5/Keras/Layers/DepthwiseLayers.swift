internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// DepthwiseConv1D and DepthwiseConv2D: each channel by itself.
///
///     DepthwiseConv(x) → convolution in as many groups as there are channels
enum DepthwiseLayers: KerasLayerFamily {
  static let lowerings = [lowering(1), lowering(2)]

  private static func lowering(_ axes: Int) -> KerasLowering {
    KerasLowering(
      "DepthwiseConv\(axes)D",
      keys: [
        "kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate",
        "activation", "use_bias",
      ],
      // What an ordinary convolution would read is written too, and means nothing.
      harmless: KerasLowering.training(of: "depthwise", "kernel", "bias")
        .union(["groups", "filters"])
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
    let multiplier = try config.sizes("depth_multiplier", 1, default: 1)[0]
    let window = try KerasWindow(
      kernel: config.sizes("kernel_size", axes), stride: config.sizes("strides", axes, default: 1),
      dilation: config.sizes("dilation_rate", axes, default: 1),
      input: Array(input.shape.prefix(axes)), context)
    let hasBias = try config.flag("use_bias", default: true)
    let name = builder.majorVersion < 3 ? "depthwise_kernel" : "kernel"
    let variables = try context.variables(hasBias ? [name, "bias"] : [name], &builder)
    let kernel = try context.variable(
      name, of: variables, shape: window.kernel + [channels, multiplier])
    let bias =
      hasBias
      ? builder.store(
        try context.variable("bias", of: variables, shape: [channels * multiplier])) : nil
    let weight = try builder.depthwiseKernel(
      kernel, window.kernel, channels: channels, multiplier: multiplier)
    let op = Convolution(weight: weight, bias: bias, window: window.plane, groups: channels)
    let result = KerasTensor(
      planes: try builder.add(context.name, .convolution(op), [input.wire]), builder)
    return try KerasActivation.apply("activation", context, to: result, &builder)
  }
}
