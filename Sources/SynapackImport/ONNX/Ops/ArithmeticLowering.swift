internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Sub, Mul and Div, opset 7 and newer, within shape computations only.
enum ArithmeticLowering: ONNXLoweringFamily {
  static let lowerings = [
    lowering("Sub", difference),
    lowering("Mul", product),
    lowering("Div", quotient),
  ]

  private static func lowering(_ name: String, _ rule: @escaping Rule) -> ONNXLowering {
    ONNXLowering(
      name, inputs: .init(2...2),
      constants: { (context, _) throws(PackError) in try combine(context, rule) })
  }

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
}
