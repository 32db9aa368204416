internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Windows without weights, and means over axes.
///
///     AVERAGE_POOL_2D(x) → averagePool      MAX_POOL_2D(x) → maxPool
///     MEAN(x, axes)      → averagePool over a whole plane, else reduce
enum TFLitePools: TFLiteLoweringFamily {
  static let lowerings = [
    TFLiteLowering(1, "AVERAGE_POOL_2D", inputs: 1...1, options: 5) {
      (context, builder) throws(PackError) in
      try pool(context, &builder) { .averagePool(AveragePool(window: $0, countsPadding: false)) }
    },
    TFLiteLowering(17, "MAX_POOL_2D", inputs: 1...1, options: 5) {
      (context, builder) throws(PackError) in
      try pool(context, &builder) { .maxPool(MaxPool(window: $0)) }
    },
    TFLiteLowering(40, "MEAN", inputs: 2...2, options: 27, mean),
  ]

  /// Pool2DOptions: padding 0, stride_w 1, stride_h 2, filter_width 3, filter_height 4,
  /// activation 5.
  private static func pool(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder, _ op: (Window) -> Op
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    guard input.isPlane else { throw context.malformed("an input of \(input.extents)") }
    let kernel = Extent(y: try context.option(4), x: try context.option(3))
    let window = try TFLiteWindow.window(context, kernel: kernel, input: input)
    let wire = try builder.network.add(context.name, op(window), [input.wire])
    return try context.result(try context.activated(wire, option: 5, &builder), builder)
  }

  /// ReducerOptions: keep_dims 0.
  @Sendable private static func mean(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let keeps = try context.byteOption(0) != 0
    var axes: Set<Int> = []
    for stated in try context.integers(1, &builder) {
      guard let axis = input.axis(stated) else {
        throw context.unsupported("the mean runs over the batch", hint: "keep the batch")
      }
      axes.insert(axis)
    }
    let extents = try builder.extents(context.output)
    if input.isPlane, axes == [1, 2] {
      let window = Window(kernel: Extent(y: input.extents[0], x: input.extents[1]))
      let wire = try builder.network.add(
        context.name, .averagePool(AveragePool(window: window, countsPadding: false)),
        [input.wire])
      guard keeps else {
        let flat = try builder.network.reshape(
          wire, to: Shape(extents), name: context.name + ".flat")
        return try context.result(flat, builder)
      }
      return try context.result(wire, builder)
    }
    let rows = try builder.inFileOrder(input, name: context.name)
    let fileAxes = axes.map { input.isPlane ? ($0 + 2) % 3 : $0 }.sorted()
    let wire = try builder.network.add(
      context.name, .reduce(Reduce(.mean, axes: fileAxes, keepsAxes: keeps)), [rows])
    return try builder.fromFileOrder(wire, extents, name: context.name + ".shape")
  }
}
