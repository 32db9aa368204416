internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Operators on shapes, as converters write them for a batch that is left open.
///
///     SHAPE(x)                 → integers, the batch as a symbol
///     PACK, GATHER, REDUCE_PROD of integers → integers
///
/// STRIDED_SLICE and CONCATENATION do the same beside what they do with activations.
enum TFLiteLists: TFLiteLoweringFamily {
  static let shapeCode: Int32 = 77

  static let lowerings = [
    of(shapeCode, "SHAPE", inputs: 1...1, options: 55) { (context, builder) throws(PackError) in
      let input = try context.activation(0, &builder)
      let extents = input.extents.map { SymbolicInteger(constant: Int64($0)) }
      return try SymbolicIntegers([extents.count + 1], [.batch] + extents)
    },
    of(83, "PACK", inputs: 1...64, options: 59, pack),
    of(36, "GATHER", inputs: 2...2, options: 23, gather),
    of(81, "REDUCE_PROD", inputs: 2...2, options: 27, product),
  ]

  private static func of(
    _ code: Int32, _ name: String, inputs: ClosedRange<Int>, options: UInt8,
    _ integers: @escaping TFLiteLowering.Integers
  ) -> TFLiteLowering {
    TFLiteLowering(code, name, inputs: inputs, options: options, integers: integers) {
      (context, _) throws(PackError) in
      throw context.unsupported(
        "it reads an activation", hint: "the operator is read only of shapes; replace it")
    }
  }

  /// PackOptions: values_count 0, axis 1.
  @Sendable private static func pack(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> SymbolicIntegers {
    var values: [SymbolicInteger] = []
    for index in context.node.inputs.indices {
      let item = try context.symbolic(index, &builder)
      guard item.dimensions.isEmpty, let value = item.values.first else {
        throw context.unsupported("it stacks lists", hint: "convert the model with a fixed batch")
      }
      values.append(value)
    }
    return try SymbolicIntegers([values.count], values)
  }

  /// GatherOptions: axis 0, batch_dims 1.
  @Sendable private static func gather(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> SymbolicIntegers {
    let list = try self.list(0, context, &builder)
    let indices = try context.symbolic(1, &builder)
    guard try context.option(0) == 0, try context.option(1) == 0, let places = indices.known,
      places.allSatisfy({ list.indices.contains(Int(clamping: $0)) })
    else { throw context.malformed("\(indices.values) of a list of \(list.count)") }
    return try SymbolicIntegers(indices.dimensions, places.map { list[Int($0)] })
  }

  /// ReducerOptions: keep_dims 0.
  @Sendable private static func product(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> SymbolicIntegers {
    var result = SymbolicInteger(constant: 1)
    for value in try list(0, context, &builder) {
      guard let next = ArithmeticLowering.product(result, value) else {
        throw context.unsupported(
          "\(result) times \(value) is no size", hint: "convert the model with a fixed batch")
      }
      result = next
    }
    return try SymbolicIntegers(try context.byteOption(0) != 0 ? [1] : [], [result])
  }

  /// ConcatenationOptions: axis 0.
  @Sendable static func joined(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> SymbolicIntegers {
    var values: [SymbolicInteger] = []
    for index in context.node.inputs.indices {
      values += try list(index, context, &builder)
      guard values.count <= 64 else { throw context.malformed("a list is too long") }
    }
    return try SymbolicIntegers([values.count], values)
  }

  /// StridedSliceOptions as for activations: begin_mask 0, end_mask 1, shrink_axis_mask 4.
  @Sendable static func slice(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> SymbolicIntegers {
    let list = try self.list(0, context, &builder)
    var bounds: [Int] = []
    for index in 1...3 {
      let values = try context.integers(index, &builder)
      guard let value = values.first, values.count == 1 else {
        throw context.malformed("\(values.count) bounds for a list")
      }
      bounds.append(value)
    }
    guard bounds[2] == 1, try context.option(2) == 0, try context.option(3) == 0 else {
      throw context.unsupported("it takes a list with steps", hint: "slice without steps")
    }
    func place(_ value: Int) -> Int {
      min(max(value < 0 ? value + list.count : value, 0), list.count)
    }
    let isSingle = try context.option(4) & 1 != 0
    let start = try context.option(0) & 1 != 0 && !isSingle ? 0 : place(bounds[0])
    let end =
      isSingle
      ? start + 1 : try context.option(1) & 1 != 0 ? list.count : place(bounds[1])
    guard start < end, end <= list.count else { throw context.malformed("an empty slice") }
    let values = Array(list[start..<end])
    return try SymbolicIntegers(isSingle ? [] : [values.count], values)
  }

  /// An input that is a list of few integers.
  private static func list(
    _ index: Int, _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> [SymbolicInteger] {
    let integers = try context.symbolic(index, &builder)
    guard integers.dimensions.count == 1 else {
      throw context.unsupported(
        "it reads integers of shape \(integers.dimensions)",
        hint: "convert the model with a fixed batch")
    }
    return integers.values
  }
}
