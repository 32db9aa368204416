internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// AveragePool, GlobalAveragePool and ReduceMean over the plane, opset 7 and newer.
///
///     AveragePool(x)       → averagePool
///     GlobalAveragePool(x) → averagePool over the whole plane
///     ReduceMean(x, plane) → averagePool over the whole plane, then reshape unless keepdims
///
/// The axes of ReduceMean are an attribute up to opset 17 and an input from 18 on.
enum AveragePoolLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "AveragePool", inputs: .init(1...1),
      attributes: ONNXWindow.attributes.union(["ceil_mode", "count_include_pad"]),
      activations: windowed),
    ONNXLowering(
      "GlobalAveragePool", inputs: .init(1...1),
      activations: { (context, builder) throws(PackError) in
        .wire(try plane(context.wire(0), context, &builder))
      }),
    ONNXLowering(
      "ReduceMean", inputs: .init(1...2, since: 18, before: 1...1),
      attributes: ["axes", "keepdims", "noop_with_empty_axes"], retired: ["axes": 17],
      activations: mean),
  ]

  @Sendable private static func windowed(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let window = try ONNXWindow(
      context, kernel: nil, input: builder.shape(wire), roundsUp: try context.flag("ceil_mode"))
    let op = AveragePool(
      window: window.window, countsPadding: try context.flag("count_include_pad"))
    return .wire(try builder.add(context.name, .averagePool(op), [wire]))
  }

  private static func plane(
    _ wire: WireID, _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> WireID {
    let shape = builder.shape(wire)
    guard (2...3).contains(shape.rank), let planes = shape.planes else {
      throw context.unsupported(
        "samples are \(shape)", hint: "one and two spatial dimensions are supported")
    }
    let window = Window(kernel: Extent(y: planes.height, x: planes.width))
    let op = AveragePool(window: window, countsPadding: false)
    return try builder.add(context.name, .averagePool(op), [wire])
  }

  @Sendable private static func mean(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let shape = builder.shape(wire)
    let stated =
      try context.opset < 18
      ? context.integers("axes") : context.has(1) ? context.knownIntegers(1) : nil
    if stated?.isEmpty ?? true, try context.flag("noop_with_empty_axes") { return .wire(wire) }
    let axes = (stated ?? []).compactMap { normalized(axis: $0, rank: shape.rank + 1) }
    guard shape.rank >= 2, axes.count == stated?.count, axes.sorted() == Array(2...shape.rank)
    else {
      throw context.unsupported(
        "the axes \(stated.map(String.init(describing:)) ?? "all") are averaged",
        hint: "only the mean over exactly the spatial axes is supported")
    }
    let pooled = try plane(wire, context, &builder)
    guard !(try context.flag("keepdims", default: true)) else { return .wire(pooled) }
    let name = builder.uniqueName(context.name + ".reshape")
    return .wire(try builder.reshape(pooled, to: Shape([shape[0]]), name: name))
  }
}
