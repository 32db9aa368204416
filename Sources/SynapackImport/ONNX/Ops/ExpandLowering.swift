internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Expand and Tile, opset 8 and newer.
///
///     Expand(x, shape), Tile(x, repeats) → tile;  of a constant to the batch → a constant wire
enum ExpandLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Expand", opsets: 8...ONNXOpsets.newest, inputs: .init(2...2), activations: expand,
      integers: { (context, _) throws(PackError) in
        let data = try context.integers(0)
        let target = try context.knownIntegers(1).map { Int($0) }
        guard let result = broadcastShape([data.dimensions, target]) else {
          throw context.wrongShape("\(data.dimensions) does not spread over \(target)")
        }
        return .integers(try data.broadcast(to: result))
      }, constants: expand),
    ONNXLowering("Tile", inputs: .init(2...2), activations: tile),
  ]

  @Sendable private static func expand(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let target = try context.integers(1)
    let isKnown = try context.isKnown(0)
    if isKnown, target.known != nil {
      return try ConstantFolding.fold(
        context,
        { (context, builder) throws(PackError) in
          .activation(try spread(context.activation(0, &builder), target, context, &builder))
        }, &builder)
    }
    return .activation(try spread(context.activation(0, &builder), target, context, &builder))
  }

  private static func spread(
    _ input: ONNXActivation, _ target: SymbolicIntegers, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard target.dimensions.count == 1, target.values.count <= 32 else {
      throw context.wrongShape("the target is no list")
    }
    let ones = Array(repeating: 1, count: max(0, target.values.count - input.rank))
    var dimensions = ones + input.dimensions
    var place = input.batch.moved { $0 + ones.count }
    for (offset, value) in target.values.reversed().enumerated() {
      let axis = dimensions.count - 1 - offset
      if axis == place.axis { continue }
      if value.known == nil {
        // The batch itself: a constant that is the same for each sample.
        guard value == .batch, place == .absent, dimensions[axis] == 1 else {
          throw context.unsupported("the target \(target.values)", hint: "keep samples apart")
        }
        place = .alone(axis)
        continue
      }
      guard let extent = builder.batch.number(value), extent > 0 else {
        throw context.wrongShape("an extent of \(value)")
      }
      guard dimensions[axis] == 1 || extent == 1 || dimensions[axis] == extent else {
        throw context.wrongShape("\(input.dimensions) does not spread over \(target.values)")
      }
      if extent != 1 { dimensions[axis] = extent }
    }
    let view = try builder.view(
      input, ones + input.dimensions, place, name: context.name + ".aligned")
    let repeats = zip(dimensions, ones + input.dimensions).map { $0 / $1 }
    return try repeated(view, repeats, context, &builder)
  }

  @Sendable private static func tile(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let repeats = try context.knownIntegers(1)
    guard repeats.count == input.rank, repeats.allSatisfy({ (1...1 << 26).contains($0) }) else {
      throw context.wrongShape("the repeats \(repeats) do not fit \(input.dimensions)")
    }
    let axes = repeats.indices.filter { repeats[$0] != 1 }
    let separated = try builder.separated(input, from: axes, context)
    return .activation(try repeated(separated, repeats.map { Int($0) }, context, &builder))
  }

  private static func repeated(
    _ input: ONNXActivation, _ repeats: [Int], _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard repeats.contains(where: { $0 != 1 }) else { return input }
    let dimensions = zip(input.dimensions, repeats).map { $0.times($1) ?? .max }
    let op = Tile(repeats: ONNXGraphBuilder.sample(repeats, input.batch))
    return try builder.add(
      context.name, .tile(op), [input.wire], as: dimensions, input.batch)
  }
}
