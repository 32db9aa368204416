internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Windows without weights, and one value for all places along some axes.
///
///     AVERAGE_POOL_2D(x) → averagePool      MAX_POOL_2D(x) → maxPool
///     MEAN(x, axes)       → averagePool over a whole plane, else reduce
///     REDUCE_MAX(x, axes) → maxPool likewise
///     SUM, REDUCE_MIN     → reduce
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
    reduction(40, "MEAN", .mean), reduction(74, "SUM", .sum),
    reduction(82, "REDUCE_MAX", .maximum), reduction(89, "REDUCE_MIN", .minimum),
  ]

  private static func reduction(
    _ code: Int32, _ name: String, _ function: Reduce.Function
  ) -> TFLiteLowering {
    TFLiteLowering(code, name, inputs: 2...2, options: 27) { (context, builder) throws(PackError) in
      try reduce(context, function, &builder)
    }
  }

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
  private static func reduce(
    _ context: TFLiteContext, _ function: Reduce.Function, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    let input = try context.activation(0, &builder)
    let keeps = try context.byteOption(0) != 0
    var axes: Set<Int> = []
    for stated in try context.integers(1, &builder) {
      guard let axis = input.axis(stated) else {
        throw context.unsupported("it runs over the batch", hint: "keep the batch")
      }
      axes.insert(axis)
    }
    let extents = try builder.extents(context.output)
    if input.isPlane, axes == [1, 2], let op = pool(function, input) {
      let wire = try builder.network.add(context.name, op, [input.wire])
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
      context.name, .reduce(Reduce(function, axes: fileAxes, keepsAxes: keeps)), [rows])
    return try builder.fromFileOrder(wire, extents, name: context.name + ".shape")
  }

  /// A pooling over the whole plane, which has a spiking form; `nil` where there is none.
  private static func pool(_ function: Reduce.Function, _ input: TFLiteActivation) -> Op? {
    let window = Window(kernel: Extent(y: input.extents[0], x: input.extents[1]))
    switch function {
    case .mean: return .averagePool(AveragePool(window: window, countsPadding: false))
    case .maximum: return .maxPool(MaxPool(window: window))
    default: return nil
    }
  }
}
