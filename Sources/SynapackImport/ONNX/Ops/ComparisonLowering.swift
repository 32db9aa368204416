internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Comparisons and logic, opset 7 and newer: truth values are 0 and 1.
///
///     Equal(a, b), Less(a, b), … → binary;  Greater(a, b) → Less(b, a)
///     And(a, b), Or(a, b)        → the product, the maximum
///     Not(a)                     → a = 0
///
/// What is known at import is computed there.
enum ComparisonLowering: ONNXLoweringFamily {
  static let lowerings =
    comparisons.map { name, rule, function, swaps in
      ONNXLowering(
        name, inputs: .init(2...2),
        activations: { (context, builder) throws(PackError) in
          let inputs = try context.activations(&builder)
          return .activation(
            try ArithmeticLowering.join(
              inputs[swaps ? 1 : 0], inputs[swaps ? 0 : 1], function, context.name, context,
              &builder))
        },
        integers: { (context, _) throws(PackError) in
          .integers(
            try context.integers(0).combined(context.integers(1)) { left, right in
              compared(left, right).map { truth(rule($0)) }
            })
        },
        constants: { (context, builder) throws(PackError) in
          try compare(context, rule, &builder)
        })
    } + [
      logic("And", .multiply) { $0 && $1 }, logic("Or", .maximum) { $0 || $1 },
      logic("Xor", nil) { $0 != $1 },
      ONNXLowering(
        "Not", inputs: .init(1...1),
        activations: { (context, builder) throws(PackError) in
          let zero = try builder.constant(
            ONNXConstant(
              name: builder.uniqueName(context.name + ".zero"),
              tensor: try Tensor(shape: Shape([]), floats: [0])))
          return .activation(
            try ArithmeticLowering.join(
              context.activation(0, &builder), zero, .equal, context.name, context, &builder))
        },
        integers: { (context, _) throws(PackError) in
          let zero = try SymbolicIntegers([], [SymbolicInteger()])
          return .integers(
            try context.integers(0).combined(zero) { value, _ in value.known.map { truth($0 == 0) }
            })
        }),
    ]

  /// What each comparison makes of −1, 0 and 1 for less, equal and greater.
  private static let comparisons:
    [(String, @Sendable (Int) -> Bool, Binary.Function, swaps: Bool)] = [
      ("Equal", { $0 == 0 }, .equal, false), ("Less", { $0 < 0 }, .less, false),
      ("LessOrEqual", { $0 <= 0 }, .lessOrEqual, false), ("Greater", { $0 > 0 }, .less, true),
      ("GreaterOrEqual", { $0 >= 0 }, .lessOrEqual, true),
    ]

  private static func truth(_ value: Bool) -> SymbolicInteger {
    SymbolicInteger(constant: value ? 1 : 0)
  }

  /// The order of two integers; `nil` where it depends on the batch, which is at least one.
  private static func compared(_ left: SymbolicInteger, _ right: SymbolicInteger) -> Int? {
    if let first = left.known, let second = right.known {
      return first < second ? -1 : first == second ? 0 : 1
    }
    if left == right { return 0 }
    if left.batches > 0, left.constant >= 0, let number = right.known, number <= 0 { return 1 }
    if right.batches > 0, right.constant >= 0, let number = left.known, number <= 0 { return -1 }
    return nil
  }

  private static func logic(
    _ name: String, _ function: Binary.Function?,
    _ rule: @escaping @Sendable (Bool, Bool) -> Bool
  ) -> ONNXLowering {
    let body: ONNXLowering.Body = { (context, builder) throws(PackError) in
      let inputs = try context.activations(&builder)
      return .activation(
        try ArithmeticLowering.join(
          inputs[0], inputs[1], function ?? .equal, context.name, context, &builder))
    }
    return ONNXLowering(
      name, inputs: .init(2...2), activations: function == nil ? nil : body,
      integers: { (context, _) throws(PackError) in
        .integers(
          try context.integers(0).combined(context.integers(1)) { left, right in
            guard let first = left.known, let second = right.known else { return nil }
            return truth(rule(first != 0, second != 0))
          })
      })
  }

  /// Real constants.
  private static func compare(
    _ context: ONNXNodeContext, _ rule: (Int) -> Bool, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let (first, second) = (try context.constant(0), try context.constant(1))
    let (from, to) = (first.tensor.shape.dimensions, second.tensor.shape.dimensions)
    guard let target = broadcastShape([from, to]) else {
      throw context.wrongShape("\(from) and \(to) do not broadcast to one another")
    }
    let places = zip(try ArrayPlaces(target, reading: from), try ArrayPlaces(target, reading: to))
    let left = try builder.floats(first, values: .numbers)
    let right = try builder.floats(second, values: .numbers)
    let values = places.map { a, b in
      truth(rule(left[a] < right[b] ? -1 : left[a] == right[b] ? 0 : 1))
    }
    return .integers(try SymbolicIntegers(target, values))
  }
}
