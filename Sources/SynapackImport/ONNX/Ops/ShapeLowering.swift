internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Shape and what shape computations are made of: Gather, Slice, Range and ConstantOfShape.
///
///     Shape(x) → [N, extents of one sample];  nothing of it reaches the graph
enum ShapeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Shape", inputs: .init(1...1), attributes: ["start", "end"], activations: shape,
      constants: shape),
    ONNXLowering("Gather", inputs: .init(2...2), attributes: ["axis"], constants: gather),
    ONNXLowering(
      "Slice", inputs: .init(3...5, since: 10, before: 1...1),
      attributes: ["starts", "ends", "axes"], retired: ["starts": 9, "ends": 9, "axes": 9],
      constants: slice),
    ONNXLowering("Range", opsets: 11...ONNXOpsets.newest, inputs: .init(3...3), constants: range),
    ONNXLowering(
      "ConstantOfShape", opsets: 9...ONNXOpsets.newest, inputs: .init(1...1), attributes: ["value"],
      constants: fill),
  ]

  @Sendable private static func shape(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let full: [SymbolicInteger]
    switch try context.value(0) {
    case .wire(let wire):
      full = [.batch] + builder.shape(wire).dimensions.map { SymbolicInteger(constant: Int64($0)) }
    case .constant(let constant):
      full = constant.tensor.shape.dimensions.map { SymbolicInteger(constant: Int64($0)) }
    case .integers(let integers):
      full = integers.dimensions.map { SymbolicInteger(constant: Int64($0)) }
    case .unavailable: full = []
    }
    let rank = full.count
    let start = clamped(try context.integer("start", default: 0), rank, 0...rank)
    let end = clamped(try context.integer("end", default: Int64(rank)), rank, 0...rank)
    let part = Array(full[min(start, end)..<end])
    return .integers(try SymbolicIntegers([part.count], part))
  }

  @Sendable private static func gather(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let data = try context.integers(0)
    let axis = try context.integer("axis", default: 0)
    guard !data.dimensions.isEmpty, normalized(axis: axis, rank: data.dimensions.count) == 0 else {
      throw context.unsupported("axis \(axis)", hint: "fold the constants before export")
    }
    let indices = try context.integers(1)
    var places: [Int] = []
    for index in try context.knownIntegers(1) {
      guard let place = normalized(axis: index, rank: data.dimensions[0]) else {
        throw context.wrongShape("index \(index) into \(data.dimensions)")
      }
      places.append(place)
    }
    return .integers(
      try data.taking(places, dimensions: indices.dimensions + data.dimensions.dropFirst()))
  }

  /// Starts and ends are attributes up to opset 9 and inputs from 10 on.
  @Sendable private static func slice(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let data = try context.integers(0)
    let isOld = context.opset < 10
    let starts = try isOld ? context.integers("starts") ?? [] : context.knownIntegers(1)
    let ends = try isOld ? context.integers("ends") ?? [] : context.knownIntegers(2)
    let axes =
      try isOld ? context.integers("axes") : context.has(3) ? context.knownIntegers(3) : nil
    let steps = try isOld || !context.has(4) ? nil : context.knownIntegers(4)
    guard starts.count == 1, ends.count == 1, !data.dimensions.isEmpty,
      let step = (steps ?? [1]).first.flatMap({ Int(exactly: $0) }), step != 0, step > Int.min,
      let axis = (axes ?? [0]).first, normalized(axis: axis, rank: data.dimensions.count) == 0
    else {
      throw context.unsupported(
        "more than the first axis is cut", hint: "fold the constants of the model before export")
    }
    let extent = data.dimensions[0]
    let range = step > 0 ? 0...extent : -1...(extent - 1)
    // Behind the clamp an end of −1 means before the first element, as for a step backward.
    let start = clamped(starts[0], extent, step > 0 ? 0...extent : 0...max(0, extent - 1))
    let end = clamped(ends[0], extent, range)
    let places = Array(stride(from: start, to: end, by: step))
    return .integers(
      try data.taking(places, dimensions: [places.count] + data.dimensions.dropFirst()))
  }

  /// Counts a negative place from the end and brings the result into `range`.
  private static func clamped(_ value: Int64, _ extent: Int, _ range: ClosedRange<Int>) -> Int {
    let place = value < 0 ? value.adding(Int64(extent)) ?? value : value
    return Int(max(Int64(range.lowerBound), min(Int64(range.upperBound), place)))
  }

  @Sendable private static func range(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
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

  @Sendable private static func fill(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let dimensions = try context.knownIntegers(0).map { Int($0) }
    let shape = try Shape(dimensions)
    guard shape.count <= SymbolicIntegers.largestCount else {
      throw context.unsupported("\(shape.count) elements", hint: "fold the constants")
    }
    guard let stored = context.node.attributes.first(where: { $0.name == "value" }) else {
      let zeros = Array(repeating: Float(0), count: shape.count)
      let tensor = try Tensor(shape: shape, floats: zeros)
      return .constant(ONNXConstant(name: context.node.outputs[0], tensor: tensor))
    }
    guard case .tensor(let value) = stored.value else {
      throw context.unsupported("the value is no tensor", hint: "export the model again")
    }
    let tensor = try builder.decode(value)
    guard tensor.shape.count == 1, let integers = try SymbolicIntegers(tensor) else {
      throw context.unsupported("the value is no single integer", hint: "fold the constants")
    }
    let values = Array(repeating: integers.values[0], count: shape.count)
    return .integers(try SymbolicIntegers(dimensions, values))
  }
}
