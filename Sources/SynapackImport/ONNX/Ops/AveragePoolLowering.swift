internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// AveragePool and GlobalAveragePool, opset 7 and newer.
///
///     AveragePool(x), one or two dimensions → averagePool;  three → volumePool
///     GlobalAveragePool(x)                  → averagePool over the whole plane, or reduce
enum AveragePoolLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "AveragePool", inputs: .init(1...1),
      attributes: ONNXWindow.attributes.union(["ceil_mode", "count_include_pad"]),
      activations: windowed),
    ONNXLowering(
      "GlobalAveragePool", inputs: .init(1...1),
      activations: { (context, builder) throws(PackError) in
        let input = try context.activation(0, &builder)
        return .activation(try plane(input, context, &builder))
      }),
  ]

  @Sendable private static func windowed(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let window = try ONNXWindow(
      context, kernel: nil, input: Array(input.dimensions.dropFirst(2)),
      roundsUp: try context.flag("ceil_mode"))
    let countsPadding = try context.flag("count_include_pad")
    let op: Op =
      window.plane.map { .averagePool(AveragePool(window: $0, countsPadding: countsPadding)) }
      ?? .volumePool(
        VolumePool(.average(countsPadding: countsPadding), window: window.volume))
    return .activation(
      try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
        try builder.add(name, op, [wire])
      })
  }

  /// The mean of each plane, its axes kept with an extent of one.
  static func plane(
    _ input: ONNXActivation, _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard input.rank >= 3 else {
      throw context.wrongShape("the input \(input.dimensions) has no plane")
    }
    guard input.rank <= 4 else {
      return try ReduceLowering.reduce(
        input, .mean, Array(2..<input.rank), keepsAxes: true, nil, context, &builder)
    }
    let extents = input.dimensions.dropFirst(2)
    let window = Window(
      kernel: Extent(y: extents.count == 2 ? input.dimensions[2] : 1, x: extents.last ?? 1))
    return try builder.onPlanes(input, context) { (builder, wire, name) throws(PackError) in
      try builder.add(
        name, .averagePool(AveragePool(window: window, countsPadding: false)), [wire])
    }
  }
}
