internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// SumPool2d and AvgPool2d; the mean is always over all cells of the kernel.
///
///     SumPool2d(x) → windowSum
///     AvgPool2d(x) → windowSum, scale by one over the kernel's cells
enum PoolingNodes: NIRNodeFamily {
  static let lowerings = [
    lowering("SumPool2d", isMean: false), lowering("AvgPool2d", isMean: true),
  ]

  private static func lowering(_ type: String, isMean: Bool) -> NIRLowering {
    NIRLowering(type, fields: ["kernel_size", "stride", "padding"]) {
      (context, builder) throws(PackError) in
      guard builder.shape(context.input).rank == 3 else {
        throw context.wrongShape("the input is \(builder.shape(context.input)), not [C, H, W]")
      }
      let kernel = try context.sizes("kernel_size", 2, in: 1...(1 << 12))
      let stride = try context.sizes("stride", 2, in: 1...(1 << 20))
      let cells = try context.sizes("padding", 2, in: 0...(1 << 20))
      let window = Window(
        kernel: Extent(y: kernel[0], x: kernel[1]), stride: Extent(y: stride[0], x: stride[1]),
        padding: Edges(top: cells[0], left: cells[1], bottom: cells[0], right: cells[1]))
      let op = Op.windowSum(WindowSum(window: window))
      guard isMean else { return try builder.add(context.name, op, [context.input]) }
      let sum = try builder.add(context.name + ".sum", op, [context.input])
      let factor = 1 / Float(kernel[0] * kernel[1])
      return try builder.add(context.name, .scale(Scale(factor: factor)), [sum])
    }
  }
}
