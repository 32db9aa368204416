internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Pad with zeros: amounts are an attribute up to opset 10 and an input from 11 on.
///
///     Pad(x), spatial axes  → pad
///     Pad(x), channels      → reshape to one channel of [C, rest], pad, reshape
enum PadLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Pad", inputs: .init(2...4, since: 11, before: 1...1), attributes: ["mode", "pads", "value"],
      retired: ["pads": 10, "value": 10], activations: lower)
  ]

  /// Cells to add before and after each axis of one sample.
  private struct Amounts {
    var before: [Int]
    var after: [Int]
  }

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let mode = try context.string("mode", default: "constant")
    guard mode == "constant" else {
      throw context.unsupported("mode is `\(mode)`", hint: "pad with zeros")
    }
    var wire = try context.wire(0)
    let amounts = try amounts(context, rank: builder.shape(wire).rank + 1)
    guard (amounts.before + amounts.after).contains(where: { $0 != 0 }) else { return .wire(wire) }
    let value =
      try context.opset < 11 ? context.float("value", default: 0) : context.scalar(2) ?? 0
    guard value == 0 else {
      throw context.unsupported("the value is \(value)", hint: "pad with zeros")
    }
    wire = try padChannels(wire, amounts, context, &builder)
    let rank = builder.shape(wire).rank
    guard (amounts.before.dropFirst() + amounts.after.dropFirst()).contains(where: { $0 != 0 })
    else { return .wire(wire) }
    let edges =
      rank == 2
      ? Edges(left: amounts.before[1], right: amounts.after[1])
      : Edges(
        top: amounts.before[1], left: amounts.before[2], bottom: amounts.after[1],
        right: amounts.after[2])
    return .wire(try builder.add(context.name, .pad(Pad(edges: edges)), [wire]))
  }

  /// Channels are the outermost axis, so that the rest of a sample can stand as one long row.
  private static func padChannels(
    _ wire: WireID, _ amounts: Amounts, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> WireID {
    let shape = builder.shape(wire)
    guard amounts.before[0] != 0 || amounts.after[0] != 0 else { return wire }
    let rows = try Shape([1, shape[0], shape.count / max(1, shape[0])])
    let edges = Edges(top: amounts.before[0], bottom: amounts.after[0])
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

  private static func amounts(
    _ context: ONNXNodeContext, rank: Int
  ) throws(PackError) -> Amounts {
    guard (2...4).contains(rank) else {
      throw context.unsupported(
        "the input has \(rank) axes", hint: "one and two spatial dimensions are supported")
    }
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
    guard amounts.before.removeFirst() == 0, amounts.after.removeFirst() == 0 else {
      throw context.unsupported("the batch is padded", hint: "pad other axes only")
    }
    return amounts
  }
}
