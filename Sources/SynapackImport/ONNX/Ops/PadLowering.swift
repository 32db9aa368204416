internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Pad: amounts are an attribute up to opset 10 and an input from 11 on.
///
///     Pad(x) with zeros, spatial axes of an image → pad
///     Pad(x) with zeros, channels of an image     → reshape to one channel, pad, reshape
///     Pad(x) by edge, reflect or wrap             → select along each axis
///     Pad(x) otherwise                            → slice what is cut, concat with constants
enum PadLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Pad", inputs: .init(2...4, since: 11, before: 1...1), attributes: ["mode", "pads", "value"],
      retired: ["pads": 10, "value": 10],
      activations: { (context, builder) throws(PackError) in
        .activation(try lower(context, &builder))
      })
  ]

  /// Cells to add before and after each axis; negative ones are cut.
  private struct Amounts {
    var before: [Int]
    var after: [Int]
    var axes: [Int] { before.indices.filter { before[$0] != 0 || after[$0] != 0 } }
  }

  private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let stated = try context.activation(0, &builder)
    let amounts = try amounts(context, rank: stated.rank)
    let input = try builder.separated(stated, from: amounts.axes, context)
    let mode = try context.string("mode", default: "constant")
    guard mode == "constant" else { return try select(input, amounts, mode, context, &builder) }
    let value =
      try context.opset < 11 ? context.float("value", default: 0) : context.scalar(2) ?? 0
    let isImage = input.batch == .alone(0) && (3...4).contains(input.rank)
    guard value == 0, isImage else {
      return try join(input, amounts, value, context, &builder)
    }
    return try padImage(input, amounts, context, &builder)
  }

  private static func padImage(
    _ input: ONNXActivation, _ amounts: Amounts, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var wire = try padChannels(input.wire, amounts, context, &builder)
    if amounts.axes.contains(where: { $0 >= 2 }) {
      let (before, after) = (amounts.before, amounts.after)
      let edges =
        input.rank == 3
        ? Edges(left: before[2], right: after[2])
        : Edges(top: before[2], left: before[3], bottom: after[2], right: after[3])
      wire = try builder.add(context.name, .pad(Pad(edges: edges)), [wire])
    }
    return try builder.activation(wire, [1] + builder.shape(wire).dimensions, .alone(0))
  }

  /// Channels are the outermost axis, so that the rest of a sample can stand as one long row.
  private static func padChannels(
    _ wire: WireID, _ amounts: Amounts, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> WireID {
    guard amounts.axes.contains(1) else { return wire }
    let shape = builder.shape(wire)
    let rows = try Shape([1, shape[0], shape.count / max(1, shape[0])])
    let edges = Edges(top: amounts.before[1], bottom: amounts.after[1])
    var names: [String] = []
    for step in ["rows", "channels", "planes"] {
      names.append(builder.uniqueName("\(context.name).\(step)"))
    }
    let flat = try builder.reshape(wire, to: rows, name: names[0])
    let padded = try builder.add(names[1], .pad(Pad(edges: edges)), [flat])
    let channels = builder.shape(padded)[1]
    let target = try Shape([channels] + shape.dimensions.dropFirst())
    return try builder.reshape(padded, to: target, name: names[2])
  }

  /// Any axis and any value: what is cut is sliced off, what is added is a constant.
  private static func join(
    _ input: ONNXActivation, _ amounts: Amounts, _ value: Float, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var cut = SliceLowering.Cut(whole: builder.batch.full(input))
    for axis in amounts.axes {
      cut.starts[axis] = max(0, -amounts.before[axis])
      cut.counts[axis] -= cut.starts[axis] + max(0, -amounts.after[axis])
      guard cut.counts[axis] > 0 else { throw context.wrongShape("nothing is left of an axis") }
    }
    var result = try SliceLowering.lower(
      input, cut, builder.uniqueName(context.name + ".cut"), context, &builder)
    for axis in amounts.axes {
      var parts = [result.wire]
      if amounts.before[axis] > 0 {
        parts.insert(
          try filled(result, axis, amounts.before[axis], value, context, &builder), at: 0)
      }
      if amounts.after[axis] > 0 {
        parts.append(try filled(result, axis, amounts.after[axis], value, context, &builder))
      }
      guard parts.count > 1 else { continue }
      var dimensions = result.dimensions
      dimensions[axis] += max(0, amounts.before[axis]) + max(0, amounts.after[axis])
      let op = Concat(axis: ONNXGraphBuilder.sampleAxis(axis, result.batch))
      result = try builder.add(
        builder.uniqueName("\(context.name).axis.\(axis)"), .concat(op), parts, as: dimensions,
        result.batch)
    }
    return result
  }

  private static func filled(
    _ input: ONNXActivation, _ axis: Int, _ count: Int, _ value: Float,
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> WireID {
    var dimensions = input.dimensions
    dimensions[axis] = count
    let shape = try Shape(ONNXGraphBuilder.sample(dimensions, input.batch))
    guard shape.count <= 1 << 26 else {
      throw context.unsupported("\(shape) cells are added", hint: "pad by less")
    }
    try builder.reserve(elements: shape.count)
    let values = Array(repeating: value, count: shape.count)
    let constant = ONNXConstant(
      name: builder.uniqueName(context.name + ".border"),
      tensor: try Tensor(shape: shape, floats: values))
    return try builder.constant(constant).wire
  }

  /// The places of each axis that the padded one repeats.
  private static func select(
    _ input: ONNXActivation, _ amounts: Amounts, _ mode: String, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var result = input
    for axis in amounts.axes {
      let extent = input.dimensions[axis]
      var places: [Int] = []
      for place in -amounts.before[axis]..<max(-amounts.before[axis], extent + amounts.after[axis])
      {
        switch mode {
        case "edge": places.append(min(max(place, 0), extent - 1))
        case "wrap": places.append(((place % extent) + extent) % extent)
        case "reflect":
          let period = max(1, 2 * (extent - 1))
          let step = ((place % period) + period) % period
          places.append(min(step, period - step) % extent)
        default: throw context.unsupported("mode is `\(mode)`", hint: "use constant or reflect")
        }
      }
      guard !places.isEmpty else { throw context.wrongShape("nothing is left of an axis") }
      let name = builder.uniqueName("\(context.name).axis.\(axis)")
      result = try GatherLowering.select(result, axis, places, name, &builder)
    }
    return result
  }

  private static func amounts(
    _ context: ONNXNodeContext, rank: Int
  ) throws(PackError) -> Amounts {
    let stated =
      try context.opset < 11 ? context.integers("pads") ?? [] : context.knownIntegers(1)
    var axes = Array(0..<rank)
    if context.opset >= 18, context.has(3) {
      axes = try context.knownIntegers(3).compactMap { normalized(axis: $0, rank: rank) }
    }
    let limit: ClosedRange<Int64> = -(1 << 20)...(1 << 20)
    guard stated.count == 2 * axes.count, Set(axes).count == axes.count,
      stated.allSatisfy({ limit.contains($0) })
    else { throw context.wrongShape("the pads \(stated) do not fit \(rank) axes") }
    var amounts = Amounts(
      before: Array(repeating: 0, count: rank), after: Array(repeating: 0, count: rank))
    for (index, axis) in axes.enumerated() {
      amounts.before[axis] = Int(stated[index])
      amounts.after[axis] = Int(stated[index + axes.count])
    }
    return amounts
  }
}
