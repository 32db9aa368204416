internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Shape, Size and what shape computations begin with: Range and ConstantOfShape.
///
///     Shape(x) → [N, extents of one sample];  nothing of it reaches the graph
enum ShapeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Shape", inputs: .init(1...1), attributes: ["start", "end"], activations: shape,
      constants: shape),
    ONNXLowering("Size", inputs: .init(1...1), activations: size, constants: size),
    ONNXLowering(
      "Range", opsets: 11...ONNXOpsets.newest, inputs: .init(3...3), integers: range,
      constants: realRange),
    ONNXLowering(
      "ConstantOfShape", opsets: 9...ONNXOpsets.newest, inputs: .init(1...1), attributes: ["value"],
      integers: fill),
  ]

  private static func extents(
    _ context: ONNXNodeContext, _ builder: ONNXGraphBuilder
  ) throws(PackError) -> [SymbolicInteger] {
    switch try context.value(0) {
    case .activation(let value): builder.batch.symbolic(value)
    case .constant(let constant):
      constant.tensor.shape.dimensions.map { SymbolicInteger(constant: Int64($0)) }
    case .integers(let integers):
      integers.dimensions.map { SymbolicInteger(constant: Int64($0)) }
    case .sampleIndices, .outputs, .unavailable: []
    }
  }

  @Sendable private static func shape(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let full = try extents(context, builder)
    let rank = full.count
    let start = SliceLowering.clamped(
      try context.integer("start", default: 0), rank, 0...rank)
    let end = SliceLowering.clamped(
      try context.integer("end", default: Int64(rank)), rank, 0...rank)
    let part = Array(full[min(start, end)..<end])
    return .integers(try SymbolicIntegers([part.count], part))
  }

  @Sendable private static func size(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    var count = SymbolicInteger(constant: 1)
    for extent in try extents(context, builder) {
      guard let product = ArithmeticLowering.product(count, extent) else {
        throw context.unsupported("the size is out of range", hint: "check the input size")
      }
      count = product
    }
    return .integers(try SymbolicIntegers([], [count]))
  }

  @Sendable private static func range(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    if builder.batch == .open, try isCountOfSamples(context) {
      return .sampleIndices(try SampleIndices.counting())
    }
    let limit: Int64 = 1 << 31
    var numbers: [Int64] = []
    for index in 0..<3 {
      let list = try context.knownIntegers(index)
      guard let number = list.first, list.count == 1, (-limit...limit).contains(number) else {
        throw context.wrongShape("start, limit and step are not single moderate integers")
      }
      numbers.append(number)
    }
    guard numbers[2] != 0, (numbers[1] - numbers[0]) / numbers[2] <= SymbolicIntegers.largestCount
    else { throw context.unsupported("the range is too long", hint: "fold the constants") }
    let list = Array(stride(from: numbers[0], to: numbers[1], by: Int(numbers[2])))
    return .integers(try SymbolicIntegers(list: list))
  }

  /// Whether the range is that from 0 to N.
  private static func isCountOfSamples(_ context: ONNXNodeContext) throws(PackError) -> Bool {
    let zero = SymbolicInteger(constant: 0)
    let one = SymbolicInteger(constant: 1)
    for (index, number) in [zero, .batch, one].enumerated() {
      guard try context.integers(index).values == [number] else { return false }
    }
    return true
  }

  @Sendable private static func realRange(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard let start = try context.scalar(0), let end = try context.scalar(1),
      let step = try context.scalar(2), step != 0
    else { throw context.wrongShape("start, limit and step are not single numbers") }
    let count = ((end - start) / step).rounded(.up)
    guard count <= Float(SymbolicIntegers.largestCount) else {
      throw context.unsupported("the range is too long", hint: "fold the constants")
    }
    // Every value from the start, as the operator's definition has it: sums would drift.
    let values = (0..<max(0, Int(count))).map { start + Float($0) * step }
    try builder.reserve(elements: values.count)
    let tensor = try Tensor(shape: Shape([values.count]), floats: values)
    return .constant(ONNXConstant(name: context.name, tensor: tensor))
  }

  @Sendable private static func fill(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let target = try context.integers(0)
    var dimensions: [Int] = []
    for extent in target.values {
      // A constant is the same for each sample: one of them is enough.
      guard let number = extent == .batch ? 1 : extent.known.flatMap({ Int(exactly: $0) }) else {
        throw context.unsupported("the extents \(target.values)", hint: "keep samples apart")
      }
      dimensions.append(number)
    }
    let shape = try Shape(dimensions)
    guard shape.count <= SymbolicIntegers.largestCount else {
      throw context.unsupported("\(shape.count) elements", hint: "fold the constants")
    }
    try builder.reserve(elements: shape.count)
    guard context.has(attribute: "value") else {
      return try filled(shape, 0, context)
    }
    guard let stored = context.node.attributes.first, case .tensor(let value) = stored.value else {
      throw context.unsupported("the value is no tensor", hint: "export the model again")
    }
    let tensor = try builder.decode(value)
    guard tensor.shape.count == 1 else {
      throw context.wrongShape("the value is no single number")
    }
    guard let integers = try SymbolicIntegers(tensor) else {
      return try filled(shape, tensor.floats()[0], context)
    }
    let values = Array(repeating: integers.values[0], count: shape.count)
    return .integers(try SymbolicIntegers(dimensions, values))
  }

  private static func filled(
    _ shape: Shape, _ value: Float, _ context: ONNXNodeContext
  ) throws(PackError) -> ONNXValue {
    let values = Array(repeating: value, count: shape.count)
    let tensor = try Tensor(shape: shape, floats: values)
    return .constant(ONNXConstant(name: context.name, tensor: tensor))
  }
}
