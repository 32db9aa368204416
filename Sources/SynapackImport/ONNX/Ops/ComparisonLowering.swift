internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Comparisons and logic of what is known at import, opset 7 and newer.
///
///     Equal(a, b), Less(a, b), And(a, b), Not(a), … → truth values as 0 and 1
enum ComparisonLowering: ONNXLoweringFamily {
  static let lowerings =
    comparisons.map { name, rule in
      ONNXLowering(
        name, inputs: .init(2...2),
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
      logic("And") { $0 && $1 }, logic("Or") { $0 || $1 }, logic("Xor") { $0 != $1 },
      ONNXLowering(
        "Not", inputs: .init(1...1),
        integers: { (context, _) throws(PackError) in
          let zero = try SymbolicIntegers([], [SymbolicInteger()])
          return .integers(
            try context.integers(0).combined(zero) { value, _ in value.known.map { truth($0 == 0) }
            })
        }),
    ]

  /// What each comparison makes of −1, 0 and 1 for less, equal and greater.
  private static let comparisons: [(String, @Sendable (Int) -> Bool)] = [
    ("Equal", { $0 == 0 }), ("Less", { $0 < 0 }), ("LessOrEqual", { $0 <= 0 }),
    ("Greater", { $0 > 0 }), ("GreaterOrEqual", { $0 >= 0 }),
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
    _ name: String, _ rule: @escaping @Sendable (Bool, Bool) -> Bool
  ) -> ONNXLowering {
    ONNXLowering(
      name, inputs: .init(2...2),
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
    let left = try builder.floats(first)
    let right = try builder.floats(second)
    let values = places.map { a, b in
      truth(rule(left[a] < right[b] ? -1 : left[a] == right[b] ? 0 : 1))
    }
    return .integers(try SymbolicIntegers(target, values))
  }
}
