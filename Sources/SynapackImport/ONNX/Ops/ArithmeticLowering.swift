internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Operators of two values or more, element by element, opset 7 and newer.
///
///     Sub(x, y), Mul(x, y), Div(x, y), Pow(x, y), PRelu(x, slope)       → binary
///     Mul(x, number), Div(x, number)                                   → scale
///     Mul(x, constant), Sub(x, constant), Div(x, constant) a channel   → channelAffine
///     Min(x, …), Max(x, …), Sum(x, …), Mean(x, …)                      → binary, one after another
///
/// On integers they are shape computations.
enum ArithmeticLowering: ONNXLoweringFamily {
  static let lowerings = [
    binary("Sub", .subtract, difference),
    binary("Mul", .multiply, product),
    binary("Div", .divide, quotient),
    binary("Pow", .power, nil),
    binary("PRelu", .parametricRelu, nil),
    several("Min", .minimum, { pick($0, $1, <) }),
    several("Max", .maximum, { pick($0, $1, >) }),
    several("Sum", .add, sum),
    several("Mean", .add, nil),
    ONNXLowering(
      "Mod", opsets: 10...ONNXOpsets.newest, inputs: .init(2...2), attributes: ["fmod"],
      integers: { (context, _) throws(PackError) in
        try combine(context) { left, right in
          guard let dividend = left.known, let divisor = right.known, divisor > 0 else {
            return nil
          }
          let rest = dividend % divisor
          return SymbolicInteger(constant: rest < 0 ? rest + divisor : rest)
        }
      }),
  ]

  private static func binary(
    _ name: String, _ function: Binary.Function, _ rule: Rule?
  ) -> ONNXLowering {
    let body: ONNXLowering.Body = { (context, builder) throws(PackError) in
      .activation(try lower(context, function, &builder))
    }
    return ONNXLowering(
      name, inputs: .init(2...2), activations: body, integers: rule.map(integers))
  }

  private static func several(
    _ name: String, _ function: Binary.Function, _ rule: Rule?
  ) -> ONNXLowering {
    let body: ONNXLowering.Body = { (context, builder) throws(PackError) in
      let result = try joined(context, function, isMean: name == "Mean", &builder)
      return .activation(result)
    }
    return ONNXLowering(
      name, inputs: .init(1...1024), activations: body, integers: rule.map(integers))
  }

  /// All inputs one after another, for the mean divided by their number.
  private static func joined(
    _ context: ONNXNodeContext, _ function: Binary.Function, isMean: Bool,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let inputs = try context.activations(&builder)
    guard var result = inputs.first else { throw context.wrongShape("there is no input") }
    for (index, input) in inputs.enumerated().dropFirst() {
      let isLast = index == inputs.count - 1 && !isMean
      let step = isLast ? context.name : builder.uniqueName("\(context.name).\(index)")
      result = try join(result, input, function, step, context, &builder)
    }
    guard isMean else { return result }
    let op = Scale(factor: 1 / Float(inputs.count))
    return try builder.add(
      context.name, .scale(op), [result.wire], as: result.dimensions, result.batch)
  }

  /// A shape computation over all inputs.
  private static func integers(_ rule: @escaping Rule) -> ONNXLowering.Body {
    { (context, _) throws(PackError) in
      var result = try context.integers(0)
      for index in context.inputs.indices.dropFirst() {
        result = try result.combined(context.integers(index), rule)
      }
      return .integers(result)
    }
  }

  // MARK: - Activations

  static func lower(
    _ context: ONNXNodeContext, _ function: Binary.Function, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    if case .activation(let input) = try context.value(0), try context.isKnown(1),
      let folded = try ONNXAffine.lower(
        input, function, try context.constant(1), context, &builder)
    {
      return folded
    }
    if case .activation(let input) = try context.value(1), try context.isKnown(0),
      function == .multiply || function == .add,
      let folded = try ONNXAffine.lower(
        input, function, try context.constant(0), context, &builder)
    {
      return folded
    }
    let left = try context.activation(0, &builder)
    let right = try context.activation(1, &builder)
    return try join(left, right, function, context.name, context, &builder)
  }

  static func join(
    _ left: ONNXActivation, _ right: ONNXActivation, _ function: Binary.Function, _ name: String,
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let (wires, dimensions, batch) = try builder.aligned([left, right], context)
    let isSum = function == .add && builder.shape(wires[0]) == builder.shape(wires[1])
    let op: Op = isSum ? .add(Add()) : .binary(Binary(function))
    return try builder.add(name, op, wires, as: dimensions, batch)
  }

  // MARK: - Integers

  typealias Rule = @Sendable (SymbolicInteger, SymbolicInteger) -> SymbolicInteger?

  static func combine(_ context: ONNXNodeContext, _ rule: Rule) throws(PackError) -> ONNXValue {
    .integers(try context.integers(0).combined(context.integers(1), rule))
  }

  @Sendable static func sum(_ left: SymbolicInteger, _ right: SymbolicInteger) -> SymbolicInteger? {
    guard let batches = left.batches.adding(right.batches),
      let constant = left.constant.adding(right.constant)
    else { return nil }
    return SymbolicInteger(batches: batches, constant: constant)
  }

  @Sendable private static func difference(
    _ left: SymbolicInteger, _ right: SymbolicInteger
  ) -> SymbolicInteger? {
    product(right, SymbolicInteger(constant: -1)).flatMap { sum(left, $0) }
  }

  @Sendable static func product(
    _ left: SymbolicInteger, _ right: SymbolicInteger
  ) -> SymbolicInteger? {
    // The square of the batch has no place in the form.
    let (symbol, number) = left.known == nil ? (left, right) : (right, left)
    guard let factor = number.known, let batches = symbol.batches.times(factor),
      let constant = symbol.constant.times(factor)
    else { return nil }
    return SymbolicInteger(batches: batches, constant: constant)
  }

  /// Integer division, which cuts toward zero; exact where the batch takes part.
  @Sendable private static func quotient(
    _ left: SymbolicInteger, _ right: SymbolicInteger
  ) -> SymbolicInteger? {
    // −1 is left out because it can overflow and no shape is negative.
    guard let divisor = right.known, divisor > 0 else { return nil }
    if let dividend = left.known { return SymbolicInteger(constant: dividend / divisor) }
    guard left.batches % divisor == 0, left.constant % divisor == 0 else { return nil }
    return SymbolicInteger(
      batches: left.batches / divisor, constant: left.constant / divisor)
  }

  private static func pick(
    _ left: SymbolicInteger, _ right: SymbolicInteger, _ precedes: (Int64, Int64) -> Bool
  ) -> SymbolicInteger? {
    if left == right { return left }
    guard let first = left.known, let second = right.known else { return nil }
    return precedes(first, second) ? left : right
  }
}
