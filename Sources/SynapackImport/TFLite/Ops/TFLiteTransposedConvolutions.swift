internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Transposed convolutions of constant weights, turned from channels last to channels first.
///
///     TRANSPOSE_CONV(shape, W, x, b) → convolutionTranspose;  W [O, k, k, I] becomes [I, O, k, k]
enum TFLiteTransposedConvolutions: TFLiteLoweringFamily {
  static let lowerings = [
    TFLiteLowering(67, "TRANSPOSE_CONV", inputs: 3...4, options: 49, lower)
  ]

  /// TransposeConvOptions: padding 0, stride_w 1, stride_h 2, activation 3. The output's extents
  /// stand in the file.
  @Sendable private static func lower(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(2, &builder)
    let kernel = try context.constant(1, &builder)
    let shape = kernel.tensor.shape
    let extents = try builder.extents(context.output)
    guard input.isPlane, extents.count == 3, shape.rank == 4, shape.count > 0,
      shape[3] == input.extents[2]
    else { throw context.malformed("weights \(shape) for an input of \(input.extents)") }
    let (window, extra) = try window(
      context, kernel: [shape[1], shape[2]], input: input.extents, output: extents)
    let op = ConvolutionTranspose(
      weight: try builder.weight(kernel, permutation: [3, 0, 1, 2]),
      bias: try TFLiteConvolutions.bias(context, shape[0], at: 3, &builder), window: window,
      outputPadding: extra)
    let wire = try builder.network.add(context.name, .convolutionTranspose(op), [input.wire])
    return try context.result(try context.activated(wire, option: 3, &builder), builder)
  }

  /// The cells that SAME cuts, an odd one at the end, and those that the kernel does not reach:
  ///
  ///     cut = stride·(in − 1) + kernel − out, where that is positive; its opposite else
  private static func window(
    _ context: TFLiteContext, kernel: [Int], input: [Int], output: [Int]
  ) throws(PackError) -> (VolumeWindow, [Int]) {
    let strides = [try context.option(2), try context.option(1)]
    let sizes = 1...(1 << 20)
    guard (strides + kernel).allSatisfy({ sizes.contains($0) }) else {
      throw context.malformed("a stride or kernel is out of range")
    }
    let padding = try context.byteOption(0)
    var (before, after, extra) = ([0, 0], [0, 0], [0, 0])
    for axis in 0..<2 {
      let total = strides[axis] * (input[axis] - 1) + kernel[axis] - output[axis]
      guard total <= 0 || padding == 0 else {
        throw context.malformed("an output of \(output) for an input of \(input)")
      }
      before[axis] = max(0, total) / 2
      after[axis] = max(0, total) - before[axis]
      extra[axis] = max(0, -total)
    }
    return (VolumeWindow(kernel: kernel, stride: strides, before: before, after: after), extra)
  }
}
