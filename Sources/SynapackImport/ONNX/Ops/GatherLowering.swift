internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Gather and GatherND by indices known at import, opset 7 and newer.
///
///     Gather(x, indices)   → select, then reshape to the shape of the indices;  integers → integers
///     GatherND(x, indices) → reshape the axes that are indexed to one, select, reshape
enum GatherLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Gather", inputs: .init(2...2), attributes: ["axis"], activations: lower, integers: fold),
    ONNXLowering(
      "GatherND", opsets: 11...ONNXOpsets.newest, inputs: .init(2...2), attributes: ["batch_dims"],
      activations: lowerDeep),
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard try context.isKnown(1) else {
      throw context.unsupported(
        "the indices depend on the data", hint: "use indices known at export")
    }
    var input = try context.activation(0, &builder)
    let axis = try context.axis("axis", default: 0, rank: input.rank)
    input = try builder.separated(input, from: [axis], context)
    let places = try places(context, input.dimensions[axis])
    let selected = try select(input, axis, places, context.name, &builder)
    let indices = try context.integers(1).dimensions
    guard indices.count != 1 else { return .activation(selected) }
    var dimensions = input.dimensions
    dimensions.replaceSubrange(axis...axis, with: indices)
    let place = input.batch.moved { $0 > axis ? $0 + indices.count - 1 : $0 }
    return .activation(
      try builder.view(selected, dimensions, place, name: context.name + ".shape"))
  }

  @Sendable private static func lowerDeep(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard try context.isKnown(1), try context.integer("batch_dims", default: 0) == 0 else {
      throw context.unsupported(
        "the indices depend on the data or the batch", hint: "use indices known at export")
    }
    let indices = try context.knownIntegers(1)
    let shape = try context.integers(1).dimensions
    var input = try context.activation(0, &builder)
    guard let depth = shape.last, (1...max(1, input.rank)).contains(depth), depth <= input.rank
    else { throw context.wrongShape("indices of \(shape) into \(input.dimensions)") }
    input = try builder.separated(input, from: Array(0..<depth), context)
    var places: [Int] = []
    for entry in 0..<indices.count / depth {
      var place = 0
      for axis in 0..<depth {
        let stated = indices[entry * depth + axis]
        guard let index = normalized(axis: stated, rank: input.dimensions[axis]) else {
          throw context.wrongShape("index \(stated) into \(input.dimensions)")
        }
        place = place * input.dimensions[axis] + index
      }
      places.append(place)
    }
    let rest = Array(input.dimensions[depth...])
    let flat = try builder.view(
      input, [input.dimensions[..<depth].reduce(1, *)] + rest,
      input.batch.moved { $0 - depth + 1 }, name: context.name + ".flat")
    let taken = try select(flat, 0, places, context.name, &builder)
    let outer = shape.count - 1
    return .activation(
      try builder.view(
        taken, Array(shape.dropLast()) + rest, flat.batch.moved { $0 - 1 + outer },
        name: context.name + ".shape"))
  }

  /// Takes `places` of an axis that is not the batch.
  static func select(
    _ input: ONNXActivation, _ axis: Int, _ places: [Int], _ name: String,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard places != Array(0..<input.dimensions[axis]) else { return input }
    var dimensions = input.dimensions
    dimensions[axis] = places.count
    let op = Select(axis: ONNXGraphBuilder.sampleAxis(axis, input.batch), indices: places)
    return try builder.add(name, .select(op), [input.wire], as: dimensions, input.batch)
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let data = try context.integers(0)
    let axis = try context.axis("axis", default: 0, rank: data.dimensions.count)
    let places = try places(context, data.dimensions[axis])
    let outer = data.dimensions[..<axis].reduce(1, *)
    let inner = data.dimensions[(axis + 1)...].reduce(1, *)
    var dimensions = data.dimensions
    dimensions.replaceSubrange(axis...axis, with: try context.integers(1).dimensions)
    guard let count = dimensions.checkedProduct(), count <= SymbolicIntegers.largestCount else {
      throw context.unsupported("\(dimensions) integers are gathered", hint: "fold the constants")
    }
    var values: [SymbolicInteger] = []
    for block in 0..<outer {
      for place in places {
        let start = (block * data.dimensions[axis] + place) * inner
        values += data.values[start..<start + inner]
      }
    }
    return .integers(try SymbolicIntegers(dimensions, values))
  }

  private static func places(
    _ context: ONNXNodeContext, _ extent: Int
  ) throws(PackError) -> [Int] {
    var places: [Int] = []
    for index in try context.knownIntegers(1) {
      guard let place = normalized(axis: index, rank: extent) else {
        throw context.wrongShape("index \(index) into \(extent) places")
      }
      places.append(place)
    }
    return places
  }
}
