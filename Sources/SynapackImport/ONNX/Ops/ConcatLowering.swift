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
      integers: fold)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var inputs: [ONNXActivation] = []
    for input in try context.activations(&builder) where input.dimensions.checkedProduct() != 0 {
      inputs.append(input)
    }
    guard let first = inputs.first else { throw context.wrongShape("there is no input") }
    let axis = try axis(context, rank: first.rank)
    inputs = try inputs.map { (input) throws(PackError) in
      try builder.separated(input, from: [axis], context)
    }
    guard inputs.count > 1 else { return .activation(inputs[0]) }
    let places = Set(inputs.map(\.batch)).subtracting([.absent])
    let place = places.count == 1 ? places.first ?? .absent : .absent
    // Where some hold samples and others are constant, the constants stand for every sample.
    let fits =
      places.count <= 1
      && inputs.allSatisfy { input in
        guard let own = place.axis, input.batch == .absent else { return true }
        return input.rank > own && input.dimensions[own] == 1 && place == .alone(own)
      }
    if !fits {
      inputs = try inputs.map { (input) throws(PackError) in
        try builder.demoted(input, context)
      }
    }
    return .activation(try joined(inputs, axis, fits ? place : .absent, context, &builder))
  }

  private static func joined(
    _ inputs: [ONNXActivation], _ axis: Int, _ place: BatchPlace, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    var dimensions = inputs[0].dimensions
    var wires: [WireID] = []
    var extent = 0
    for input in inputs {
      guard input.rank == dimensions.count else {
        throw context.wrongShape("\(input.dimensions) does not fit \(dimensions)")
      }
      wires.append(
        try builder.view(input, input.dimensions, place, name: context.name + ".part").wire)
      extent = extent.adding(input.dimensions[axis]) ?? .max
    }
    dimensions[axis] = extent
    let op = Concat(axis: ONNXGraphBuilder.sampleAxis(axis, place))
    return try builder.add(context.name, .concat(op), wires, as: dimensions, place)
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var parts: [SymbolicIntegers] = []
    for index in context.inputs.indices { parts.append(try context.integers(index)) }
    guard let first = parts.first else { throw context.wrongShape("there is no input") }
    let axis = try axis(context, rank: first.dimensions.count)
    var dimensions = first.dimensions
    dimensions[axis] = 0
    for part in parts {
      var others = part.dimensions
      guard others.count == dimensions.count else {
        throw context.wrongShape("integers of ranks \(others.count) and \(dimensions.count) meet")
      }
      dimensions[axis] += others[axis]
      others[axis] = dimensions[axis]
      guard others == dimensions else {
        throw context.wrongShape("integers of \(part.dimensions) do not fit \(first.dimensions)")
      }
    }
    let outer = dimensions[..<axis].reduce(1, *)
    var values: [SymbolicInteger] = []
    for block in 0..<outer {
      for part in parts {
        let size = part.values.count / max(1, outer)
        values += part.values[block * size..<(block + 1) * size]
      }
    }
    return .integers(try SymbolicIntegers(dimensions, values))
  }

  private static func axis(_ context: ONNXNodeContext, rank: Int) throws(PackError) -> Int {
    guard context.has(attribute: "axis") else { throw context.wrongShape("the axis is missing") }
    return try context.axis("axis", default: 0, rank: rank)
  }
}
