internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Layers of constant weights, turned from channels last to channels first.
///
///     CONV_2D(x, W, b)            → convolution;  W [O, k, k, I] becomes [O, I, k, k]
///     DEPTHWISE_CONV_2D(x, W, b)  → convolution;  W [1, k, k, O] becomes [O, 1, k, k]
///     FULLY_CONNECTED(x, W, b)    → linear;       W [O, I]
///
/// A convolution of planes in blocks is a dilated one; see ``TFLiteBlocks``.
enum TFLiteConvolutions: TFLiteLoweringFamily {
  static let lowerings = [
    TFLiteLowering(3, "CONV_2D", inputs: 2...3, options: 1) {
      (context, builder) throws(PackError) in
      try convolution(context, &builder, isDepthwise: false)
    },
    TFLiteLowering(4, "DEPTHWISE_CONV_2D", inputs: 2...3, options: 2) {
      (context, builder) throws(PackError) in
      try convolution(context, &builder, isDepthwise: true)
    },
    TFLiteLowering(9, "FULLY_CONNECTED", inputs: 2...3, options: 8, linear),
  ]

  /// Conv2DOptions: padding 0, stride_w 1, stride_h 2, activation 3, dilation_w 4, dilation_h 5;
  /// DepthwiseConv2DOptions has depth_multiplier 3, and the rest one further.
  private static func convolution(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder, isDepthwise: Bool
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.blockedActivation(0, &builder)
    let kernel = try context.constant(1, &builder)
    let shape = kernel.tensor.shape
    guard input.isPlane, shape.rank == 4, shape.count > 0, !isDepthwise || shape[0] == 1 else {
      throw context.malformed("weights \(shape) for an input of \(input.extents)")
    }
    let next = isDepthwise ? 4 : 3
    var window = try TFLiteWindow.window(
      context, kernel: Extent(y: shape[1], x: shape[2]), input: input,
      dilation: (y: next + 2, x: next + 1))
    var crops: (before: [Int], after: [Int]) = ([], [])
    if let blocks = input.blocks {
      crops = try self.crops(behind: context, blocks, &builder)
      window = try blocks.window(window, crops: crops, context)
    }
    let outputs = isDepthwise ? shape[3] : shape[0]
    let inner = isDepthwise ? 1 : shape[3]
    let channels = input.extents[2]
    guard channels % inner == 0, outputs % (channels / inner) == 0 else {
      throw context.malformed("weights \(shape) do not fit \(channels) channels")
    }
    let weight = try builder.weight(
      kernel, permutation: isDepthwise ? [3, 0, 1, 2] : [0, 3, 1, 2])
    let op = Convolution(
      weight: weight, bias: try bias(context, outputs, &builder), window: window,
      groups: channels / inner)
    let convolved = try builder.network.add(context.name, .convolution(op), [input.wire])
    let wire = try context.activated(convolved, option: next, &builder)
    guard var blocks = input.blocks else { return try context.result(wire, builder) }
    (blocks.before, blocks.after) = crops
    let planes = builder.network.shape(wire)
    return TFLiteActivation(
      wire: wire, extents: [planes[1], planes[2], planes[0]], blocks: blocks)
  }

  /// What will be cut from the result, made to fit planes where the file has lines.
  private static func crops(
    behind context: TFLiteContext, _ blocks: TFLiteBlocks, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> (before: [Int], after: [Int]) {
    guard var crops = try builder.crops(behind: context.outputNumber) else {
      throw context.unsupported(
        "its planes are cut into blocks that are not put together again",
        hint: "convert the model with a fixed batch")
    }
    if crops.before.count == 1, blocks.block.first == 1 {
      crops = ([0] + crops.before, [0] + crops.after)
    }
    guard crops.before.count == 2 else { throw context.malformed("it cuts \(crops.before)") }
    return crops
  }

  /// The constant of the input `index` as a bias; `nil` where the input is left out.
  static func bias(
    _ context: TFLiteContext, _ count: Int, at index: Int = 2, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> String? {
    guard context.has(index) else { return nil }
    let constant = try context.constant(index, &builder)
    guard constant.tensor.shape.count == count else {
      throw context.malformed("a bias of \(constant.tensor.shape) for \(count) outputs")
    }
    return try builder.weight(constant, as: Shape([count]))
  }

  /// FullyConnectedOptions: activation 0, weights_format 1, keep_num_dims 2.
  @Sendable private static func linear(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let matrix = try context.constant(1, &builder)
    let shape = matrix.tensor.shape
    guard shape.rank == 2, shape.count > 0 else { throw context.malformed("weights \(shape)") }
    guard try context.byteOption(1) == 0 else {
      throw context.unsupported("the weights are shuffled", hint: "convert with plain weights")
    }
    var wire = try builder.inFileOrder(input, name: context.name)
    let extents = try builder.extents(context.output)
    if input.extents.last != shape[1] || extents.count != input.extents.count {
      guard input.extents.reduce(1, *) == shape[1] else {
        throw context.unsupported(
          "an input of \(input.extents) for weights \(shape) mixes samples",
          hint: "flatten the input of the layer in the source model")
      }
      wire = try builder.network.reshape(wire, to: Shape([shape[1]]), name: context.name + ".flat")
    }
    let op = Linear(
      weight: try builder.weight(matrix), bias: try bias(context, shape[0], &builder))
    wire = try builder.network.add(context.name, .linear(op), [wire])
    wire = try context.activated(wire, option: 0, &builder)
    return try builder.fromFileOrder(wire, extents, name: context.name + ".shape")
  }
}

/// Windows as the schema states them: SAME or VALID, and strides by axis.
enum TFLiteWindow {
  private static let sizes = 1...(1 << 20)

  /// - Parameter dilation: the options of the dilations; `nil` for poolings, which have none.
  static func window(
    _ context: TFLiteContext, kernel: Extent, input: TFLiteActivation,
    dilation ids: (y: Int, x: Int)? = nil
  ) throws(PackError) -> Window {
    let stride = Extent(y: try context.option(2), x: try context.option(1))
    var dilation = Extent(y: 1, x: 1)
    if let ids {
      dilation = Extent(
        y: try context.option(ids.y, default: 1), x: try context.option(ids.x, default: 1))
    }
    guard
      [stride.y, stride.x, dilation.y, dilation.x, kernel.y, kernel.x].allSatisfy({
        sizes.contains($0)
      })
    else { throw context.malformed("a stride, dilation or kernel is out of range") }
    var padding = Edges()
    switch try context.byteOption(0) {
    case 0:
      (padding.top, padding.bottom) = same(input.extents[0], kernel.y, stride.y, dilation.y)
      (padding.left, padding.right) = same(input.extents[1], kernel.x, stride.x, dilation.x)
    case 1: break
    case let other: throw context.malformed("the padding has the number \(other)")
    }
    return Window(kernel: kernel, stride: stride, dilation: dilation, padding: padding)
  }

  /// Zeros so that the output has ⌈in / stride⌉ cells; an odd one comes last.
  private static func same(
    _ input: Int, _ kernel: Int, _ stride: Int, _ dilation: Int
  ) -> (Int, Int) {
    let output = (input + stride - 1) / stride
    let total = max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input)
    return (total / 2, total - total / 2)
  }
}
