internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Concat, opset 7 and newer, along any axis but the batch; also of integers in shape computations.
///
///     Concat(x, y, …) → concat
enum ConcatLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Concat", inputs: .init(1...Int.max), attributes: ["axis"], activations: lower,
      constants: fold)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var wires: [WireID] = []
    for index in context.inputs.indices { wires.append(try context.wire(index)) }
    guard let first = wires.first else { throw context.wrongShape("there is no input") }
    let axis = try axis(context, rank: builder.shape(first).rank + 1)
    guard axis > 0 else {
      throw context.unsupported("the batch is the axis", hint: "join along another axis")
    }
    guard wires.count > 1 else { return .wire(first) }
    return .wire(try builder.add(context.name, .concat(Concat(axis: axis - 1)), wires))
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var values: [SymbolicInteger] = []
    for index in context.inputs.indices {
      let part = try context.integers(index)
      guard part.dimensions.count == 1, try axis(context, rank: 1) == 0,
        values.count + part.values.count <= SymbolicIntegers.largestCount
      else { throw context.wrongShape("lists of integers are joined, not \(part.dimensions)") }
      values += part.values
    }
    return .integers(try SymbolicIntegers([values.count], values))
  }

  private static func axis(_ context: ONNXNodeContext, rank: Int) throws(PackError) -> Int {
    guard context.has(attribute: "axis"),
      let axis = normalized(axis: try context.integer("axis", default: 0), rank: rank)
    else { throw context.wrongShape("the axis is missing or does not fit \(rank) axes") }
    return axis
  }
}
