internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Windows over planes; the value is the kernel, one number or [y, x], and the stride follows it.
///
///     - max-pool: 3            stride, padding, dilation
///     - average-pool: 2        stride, padding, counts-padding (default: true)
///     - global-average-pool
///     - adaptive-average-pool: [7, 7]    where it divides the plane evenly
///     - subsample: 2           every second cell
enum PoolingLayers: ArchitectureLayerFamily {
  static let layers = [
    ArchitectureLayer("max-pool", keys: ["stride", "padding", "dilation"], maximum),
    ArchitectureLayer("average-pool", keys: ["stride", "padding", "counts-padding"], average),
    ArchitectureLayer("global-average-pool", global),
    ArchitectureLayer("adaptive-average-pool", adaptive),
    ArchitectureLayer("subsample", subsample),
  ]

  private static let sizes = 1...(1 << 20)

  @Sendable private static func maximum(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    var window = try window(context, builder.shape(wire))
    window.dilation = try context.extent(
      context.options["dilation"], "dilation", default: window.dilation, in: sizes)
    return try builder.network.add(context.name, .maxPool(MaxPool(window: window)), [wire])
  }

  @Sendable private static func average(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let op = AveragePool(
      window: try window(context, builder.shape(wire)),
      countsPadding: try context.flag("counts-padding", default: true))
    return try builder.network.add(context.name, .averagePool(op), [wire])
  }

  private static func window(
    _ context: LayerContext, _ input: Shape
  ) throws(PackError) -> Window {
    guard let value = context.ownValue else {
      throw context.refusal("`\(context.kind)` lacks its kernel, as in `\(context.kind): 2`")
    }
    let none = Extent(y: 0, x: 0)
    var kernel = try context.extent(value, context.kind, default: none, in: sizes)
    var stride = try context.extent(
      context.options["stride"], "stride", default: kernel, in: sizes)
    var padding = try context.extent(
      context.options["padding"], "padding", default: none, in: 0...(1 << 20))
    if try planes(context, input).isRow {
      kernel.y = 1
      stride.y = 1
      padding.y = 0
    }
    guard padding.y * 2 <= kernel.y, padding.x * 2 <= kernel.x else {
      throw context.refusal("the padding is more than half of the kernel")
    }
    return Window(
      kernel: kernel, stride: stride,
      padding: Edges(top: padding.y, left: padding.x, bottom: padding.y, right: padding.x))
  }

  private static func planes(
    _ context: LayerContext, _ input: Shape
  ) throws(PackError) -> (extent: Extent, isRow: Bool) {
    guard (2...3).contains(input.rank), let planes = input.planes else {
      throw context.refusal("`\(context.kind)` takes planes, not \(input)")
    }
    return (Extent(y: planes.height, x: planes.width), input.rank == 2)
  }

  @Sendable private static func global(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let window = Window(kernel: try planes(context, builder.shape(wire)).extent)
    let op = AveragePool(window: window, countsPadding: false)
    return try builder.network.add(context.name, .averagePool(op), [wire])
  }

  @Sendable private static func adaptive(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let (plane, isRow) = try planes(context, builder.shape(wire))
    var target = try context.extent(
      context.ownValue, context.kind, default: Extent(y: 1, x: 1), in: sizes)
    if isRow { target.y = 1 }
    guard plane != target else { return wire }
    guard plane.y % target.y == 0, plane.x % target.x == 0 else {
      throw context.refusal(
        "a plane of \(plane.y)×\(plane.x) is not divided evenly into \(target.y)×\(target.x)")
    }
    let kernel = Extent(y: plane.y / target.y, x: plane.x / target.x)
    let op = AveragePool(window: Window(kernel: kernel, stride: kernel), countsPadding: false)
    return try builder.network.add(context.name, .averagePool(op), [wire])
  }

  /// A window of one cell picks every so many cells; a step of one keeps them all.
  @Sendable private static func subsample(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    var step = try context.extent(
      context.ownValue, context.kind, default: Extent(y: 2, x: 2), in: sizes)
    if try planes(context, builder.shape(wire)).isRow { step.y = 1 }
    guard step != Extent(y: 1, x: 1) else { return wire }
    let window = Window(kernel: Extent(y: 1, x: 1), stride: step)
    return try builder.network.add(context.name, .windowSum(WindowSum(window: window)), [wire])
  }
}
