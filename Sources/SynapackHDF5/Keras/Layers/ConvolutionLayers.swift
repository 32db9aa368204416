internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Conv1D, Conv2D and Conv3D.
///
///     Conv1D, Conv2D(x) → convolution;        kernel […, I, O] → [O, I, kH, kW]
///     Conv3D(x)         → volumeConvolution;  kernel […, I, O] → [O, I, kD, kH, kW]
enum ConvolutionLayers: KerasLayerFamily {
  static let lowerings = [lowering(1), lowering(2), lowering(3)]

  static let keys: Set<String> = [
    "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups",
    "activation", "use_bias",
  ]

  private static func lowering(_ axes: Int) -> KerasLowering {
    KerasLowering(
      "Conv\(axes)D", keys: keys, harmless: KerasLowering.training(of: "kernel", "bias")
    ) { (context, builder) throws(PackError) in
      try lower(axes, context, &builder)
    }
  }

  private static func lower(
    _ axes: Int, _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let input = try context.planes(axes, &builder)
    let config = context.config
    let filters = try config.sizes("filters", 1)[0]
    let groups = try config.sizes("groups", 1, default: 1)[0]
    let channels = input.shape[axes]
    guard channels % groups == 0, filters % groups == 0 else {
      throw context.wrongShape("has \(groups) groups for \(channels) and \(filters) channels")
    }
    let window = try KerasWindow(
      kernel: config.sizes("kernel_size", axes), stride: config.sizes("strides", axes, default: 1),
      dilation: config.sizes("dilation_rate", axes, default: 1),
      input: Array(input.shape.prefix(axes)), context)
    let hasBias = try config.flag("use_bias", default: true)
    let variables = try context.variables(hasBias ? ["kernel", "bias"] : ["kernel"], &builder)
    let inner = channels / groups
    let kernel = try context.variable(
      "kernel", of: variables, shape: window.kernel + [inner, filters])
    let bias =
      hasBias
      ? builder.store(try context.variable("bias", of: variables, shape: [filters])) : nil
    let weight = try builder.convolutionKernel(
      kernel, window.kernel, inputs: inner, outputs: filters)
    let op: Op =
      axes == 3
      ? .volumeConvolution(
        VolumeConvolution(weight: weight, bias: bias, window: window.volume, groups: groups))
      : .convolution(
        Convolution(weight: weight, bias: bias, window: window.plane, groups: groups))
    let result = KerasTensor(
      planes: try builder.add(context.name, op, [input.wire]), builder)
    return try KerasActivation.apply("activation", context, to: result, &builder)
  }
}

extension KerasGraphBuilder {
  /// Stores a kernel [k…, I, O] as [O, I, k…], with a height of one over a line.
  mutating func convolutionKernel(
    _ variable: KerasVariable, _ kernel: [Int], inputs: Int, outputs: Int
  ) throws(PackError) -> String {
    let axes = kernel.count
    let height = axes == 1 ? [1] : []
    return try store(variable, form: "outputs first", [outputs, inputs] + height + kernel) {
      permuted($0, kernel + [inputs, outputs], [axes + 1, axes] + Array(0..<axes))
    }
  }

  /// Stores a depthwise kernel [k…, C, M] as [C·M, 1, k…], with a height of one over a line.
  mutating func depthwiseKernel(
    _ variable: KerasVariable, _ kernel: [Int], channels: Int, multiplier: Int
  ) throws(PackError) -> String {
    let axes = kernel.count
    let height = axes == 1 ? [1] : []
    return try store(
      variable, form: "depthwise", [channels * multiplier, 1] + height + kernel
    ) {
      permuted($0, kernel + [channels, multiplier], [axes, axes + 1] + Array(0..<axes))
    }
  }
}
