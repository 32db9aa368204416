internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Reshape, Flatten, Squeeze and Unsqueeze, opset 7 and newer; samples must stay apart.
///
///     Reshape(x, shape), Flatten(x), Squeeze(x), Unsqueeze(x) → reshape, or nothing
///
/// The axes of Squeeze and Unsqueeze are an attribute up to opset 12 and an input from 13 on.
enum ReshapeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering("Flatten", inputs: .init(1...1), attributes: ["axis"], activations: flatten),
    ONNXLowering(
      "Reshape", inputs: .init(2...2), attributes: ["allowzero"], activations: reshape,
      constants: foldReshape),
    ONNXLowering(
      "Squeeze", inputs: .init(1...2, since: 13, before: 1...1), attributes: ["axes"],
      retired: ["axes": 12], activations: squeeze,
      constants: { (context, _) throws(PackError) in try fold(context, squeezed) }),
    ONNXLowering(
      "Unsqueeze", inputs: .init(2...2, since: 13, before: 1...1), attributes: ["axes"],
      retired: ["axes": 12], activations: unsqueeze,
      constants: { (context, _) throws(PackError) in try fold(context, unsqueezed) }),
  ]

  // MARK: - Activations

  @Sendable private static func flatten(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let stated = try context.integer("axis", default: 1)
    // The axis may be the rank itself.
    guard let axis = stated == input.rank ? input.rank : normalized(axis: stated, rank: input.rank)
    else { throw context.wrongShape("the axis \(stated) does not fit \(input.rank) axes") }
    let full = builder.batch.full(input)
    return .activation(
      try reread(
        input, [full[..<axis].reduce(1, *), full[axis...].reduce(1, *)], context, &builder))
  }

  /// The same elements under other extents, the batch followed to its new place.
  private static func reread(
    _ input: ONNXActivation, _ full: [Int], _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard let (dimensions, batch) = builder.batch.rereading(input, as: full) else {
      throw context.unsupported(
        "reading \(input.dimensions) anew mixes the samples of a batch",
        hint: "reshape each sample on its own")
    }
    return try builder.view(input, dimensions, batch, name: context.name)
  }

  @Sendable private static func reshape(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let target = try context.integers(1)
    guard target.dimensions.count == 1, target.values.count <= 32 else {
      throw context.wrongShape("the target is no list")
    }
    var numbers: [Int] = []
    for value in target.values {
      guard let number = builder.batch.number(value), number >= -1 else {
        throw context.unsupported(
          "the target \(target.values) is no shape of fixed extents",
          hint: "export the model with fixed sizes; only the batch may vary")
      }
      numbers.append(number)
    }
    let full = builder.batch.full(input)
    let copiesZero = !(try context.flag("allowzero"))
    let shape = try resolved(numbers, input: full, copied: copiesZero ? full : nil, context)
    return .activation(try reread(input, shape, context, &builder))
  }

  @Sendable private static func squeeze(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let full = builder.batch.full(input)
    let all = full.indices.filter { full[$0] == 1 }.map { Int64($0) }
    return .activation(
      try reread(input, squeezed(full, axes(context) ?? all, context), context, &builder))
  }

  @Sendable private static func unsqueeze(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    guard let axes = try axes(context) else { throw context.wrongShape("no axes are given") }
    let dimensions = try unsqueezed(input.dimensions, axes, context)
    // An axis of samples keeps its place among those that were there.
    let rank = dimensions.count
    let added = Set(axes.compactMap { normalized(axis: $0, rank: rank) })
    let kept = dimensions.indices.filter { !added.contains($0) }
    return .activation(
      try builder.view(
        input, dimensions, input.batch.moved { kept[$0] }, name: context.name))
  }

  // MARK: - Constants

  @Sendable private static func foldReshape(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let copiesZero = !(try context.flag("allowzero"))
    let target = try dimensions(context.integers(1).values[...], context)
    return try changed(context) { (input: [Int]) throws(PackError) in
      try resolved(target, input: input, copied: copiesZero ? input : nil, context)
    }
  }

  private typealias Change =
    @Sendable ([Int], [Int64], ONNXNodeContext) throws(PackError) -> [Int]

  private static func fold(
    _ context: ONNXNodeContext, _ change: Change
  ) throws(PackError) -> ONNXValue {
    let axes = try axes(context)
    return try changed(context) { (input: [Int]) throws(PackError) in
      // Squeeze without axes removes every extent of one.
      let all = input.indices.filter { input[$0] == 1 }.map { Int64($0) }
      return try change(input, axes ?? all, context)
    }
  }

  private static func changed(
    _ context: ONNXNodeContext, _ shape: ([Int]) throws(PackError) -> [Int]
  ) throws(PackError) -> ONNXValue {
    switch try context.value(0) {
    case .integers(let integers):
      return .integers(try SymbolicIntegers(shape(integers.dimensions), integers.values))
    case .constant(let constant):
      let tensor = try constant.tensor.reshaped(Shape(shape(constant.tensor.shape.dimensions)))
      return .constant(ONNXConstant(name: context.node.outputs[0], tensor: tensor))
    case .activation, .sampleIndices, .outputs, .unavailable:
      throw context.unsupported("its input is not computed", hint: "export the model again")
    }
  }

  // MARK: - Shapes

  private static func axes(_ context: ONNXNodeContext) throws(PackError) -> [Int64]? {
    guard context.opset >= 13 else { return try context.integers("axes") }
    return try context.has(1) ? context.knownIntegers(1) : nil
  }

  @Sendable private static func squeezed(
    _ input: [Int], _ axes: [Int64], _ context: ONNXNodeContext
  ) throws(PackError) -> [Int] {
    var removed: Set<Int> = []
    for axis in axes {
      guard let place = normalized(axis: axis, rank: input.count), input[place] == 1
      else { throw context.wrongShape("axis \(axis) of \(input) is not 1") }
      removed.insert(place)
    }
    return input.indices.filter { !removed.contains($0) }.map { input[$0] }
  }

  @Sendable private static func unsqueezed(
    _ input: [Int], _ axes: [Int64], _ context: ONNXNodeContext
  ) throws(PackError) -> [Int] {
    let rank = input.count + axes.count
    let places = Set(axes.compactMap { normalized(axis: $0, rank: rank) })
    guard places.count == axes.count, rank <= 32 else {
      throw context.wrongShape("the axes \(axes) do not fit \(input.count) axes")
    }
    var rest = input.makeIterator()
    return (0..<rank).map { places.contains($0) ? 1 : rest.next() ?? 1 }
  }

  /// The extents of a target, none of which may depend on the batch.
  private static func dimensions(
    _ values: ArraySlice<SymbolicInteger>, _ context: ONNXNodeContext
  ) throws(PackError) -> [Int] {
    let known = values.compactMap(\.known)
    guard known.count == values.count, known.count <= 32, known.allSatisfy({ $0 >= -1 }) else {
      throw context.unsupported(
        "the target \(Array(values)) is no shape of fixed extents",
        hint: "export the model with fixed sizes; only the batch may vary")
    }
    return known.map { Int($0) }
  }

  /// Replaces 0 by the extent it copies and −1 by what is left of the elements.
  ///
  /// - Parameter copied: the extents that 0 copies from; `nil` where 0 means 0.
  private static func resolved(
    _ target: [Int], input: [Int], copied: [Int]?, _ context: ONNXNodeContext
  ) throws(PackError) -> [Int] {
    let failure = context.wrongShape("values of \(input) cannot be read as \(target)")
    var dimensions = target
    if let copied {
      for axis in dimensions.indices where dimensions[axis] == 0 {
        guard copied.indices.contains(axis) else { throw failure }
        dimensions[axis] = copied[axis]
      }
    }
    guard let total = input.checkedProduct() else { throw failure }
    let open = dimensions.indices.filter { dimensions[$0] == -1 }
    if let axis = open.first {
      let others = dimensions.map { $0 == -1 ? 1 : $0 }.checkedProduct()
      guard open.count == 1, let others, others > 0, total % others == 0 else { throw failure }
      dimensions[axis] = total / others
    }
    guard dimensions.checkedProduct() == total else { throw failure }
    return dimensions
  }
}
