internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Reshape, Flatten, Squeeze and Unsqueeze, opset 7 and newer; the batch stays the first axis.
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
    let wire = try context.wire(0)
    let shape = builder.shape(wire)
    let axis = try context.integer("axis", default: 1)
    guard normalized(axis: axis, rank: shape.rank + 1) == 1 else {
      throw context.unsupported(
        "axis is \(axis) for samples of \(shape)", hint: "flatten from axis 1 on")
    }
    return .wire(try builder.reshape(wire, to: Shape([shape.count]), name: context.name))
  }

  @Sendable private static func reshape(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let sample = builder.shape(wire)
    let target = try context.integers(1)
    let copiesZero = !(try context.flag("allowzero"))
    guard target.dimensions.count == 1, let first = target.values.first else {
      throw context.wrongShape("the target is no list")
    }
    let rest = try dimensions(target.values.dropFirst(), context)
    let keepsBatch =
      first == .batch || first.known == builder.fixedBatch || first.known == -1
      || (first.known == 0 && copiesZero)
    guard keepsBatch, first.known != nil || first == .batch, !rest.isEmpty else {
      throw context.unsupported(
        "the target \(target.values) does not keep the batch as its first axis",
        hint: "reshape each sample on its own")
    }
    // With the batch left open, the rest must be stated, and must be the whole sample.
    let mayInfer = first.known != -1
    let shape = try resolved(
      rest, input: sample.dimensions, copied: copiesZero ? sample.dimensions : nil,
      mayInfer: mayInfer, context)
    return .wire(try builder.reshape(wire, to: shape, name: context.name))
  }

  @Sendable private static func squeeze(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    guard let axes = try axes(context) else {
      throw context.unsupported(
        "no axes are given, so that a batch of one would vanish", hint: "name the axes")
    }
    let full = [0] + builder.shape(wire).dimensions
    return .wire(
      try changed(wire, squeezed(full, axes, context), context, &builder))
  }

  @Sendable private static func unsqueeze(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let full = [0] + builder.shape(wire).dimensions
    guard let axes = try axes(context) else { throw context.wrongShape("no axes are given") }
    return .wire(try changed(wire, unsqueezed(full, axes, context), context, &builder))
  }

  /// Reshapes to `full`, in which the batch is written as 0.
  private static func changed(
    _ wire: WireID, _ full: [Int], _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> WireID {
    guard full.first == 0 else {
      throw context.unsupported(
        "the batch is moved or removed", hint: "keep the batch as the first axis")
    }
    return try builder.reshape(wire, to: Shape(Array(full.dropFirst())), name: context.name)
  }

  // MARK: - Constants

  @Sendable private static func foldReshape(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let copiesZero = !(try context.flag("allowzero"))
    let target = try dimensions(context.integers(1).values[...], context)
    return try changed(context) { (input: [Int]) throws(PackError) in
      try resolved(
        target, input: input, copied: copiesZero ? input : nil, mayInfer: true, context
      ).dimensions
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
    case .wire, .unavailable:
      return .wire(try context.wire(0))
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
      guard let place = normalized(axis: axis, rank: input.count), [0, 1].contains(input[place])
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
  /// - Parameters:
  ///   - copied: the extents that 0 copies from; `nil` where 0 means 0.
  private static func resolved(
    _ target: [Int], input: [Int], copied: [Int]?, mayInfer: Bool,
    _ context: ONNXNodeContext
  ) throws(PackError) -> Shape {
    let failure = context.wrongShape("values of \(input) cannot be read as \(target)")
    var dimensions = target
    if let copied {
      for axis in dimensions.indices where dimensions[axis] == 0 {
        guard copied.indices.contains(axis) else { throw failure }
        dimensions[axis] = copied[axis]
      }
    }
    let total = try Shape(input).count
    let open = dimensions.indices.filter { dimensions[$0] == -1 }
    if let axis = open.first {
      let others = try Shape(dimensions.map { $0 == -1 ? 1 : $0 }).count
      guard open.count == 1, mayInfer, others > 0, total % others == 0 else { throw failure }
      dimensions[axis] = total / others
    }
    let shape = try Shape(dimensions)
    guard shape.count == total else { throw failure }
    return shape
  }
}
