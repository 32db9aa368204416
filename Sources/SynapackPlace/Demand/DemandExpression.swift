public import SynapackSupport

/// How much of a resource is asked for, as a small expression over counts.
///
///     sum     = product { ("+" | "-") product }
///     product = factor { ("*" | "/") factor }
///     factor  = number | variable | call | "(" sum ")"
///     call    = function "(" sum { "," sum } ")" | "sum(" list "," sum ")" | "distinct(" set ")"
///
/// Functions: `ceil(x)`, `floor(x)`, `min(x, …)`, `max(x, …)`, `log2ceil(x)` = ⌈log₂ x⌉ for x ≥ 1,
/// else 0, and `pow2ceil(x)` = 2^log2ceil(x). `sum(axons, …)` and `sum(connections, …)` add up a
/// value for each member of a list; `distinct(thresholds)` and `distinct(biases)` count different
/// values. The value of the whole is rounded up to a whole number.
public struct DemandExpression: Sendable, Hashable {
  public let text: String
  public let scope: DemandScope
  private let root: Term

  public typealias Variable = DemandVariable

  indirect enum Term: Sendable, Hashable {
    case number(Double)
    case variable(DemandVariable)
    case operation(Operation, Term, Term)
    case call(Function, [Term])
    case sum(DemandList, Term)
    case distinct(DemandSet)
  }

  enum Operation: Sendable { case add, subtract, multiply, divide }

  enum Function: String, Sendable, CaseIterable { case ceil, floor, min, max, log2ceil, pow2ceil }

  /// - Throws: `SYN0501` with the place in the text, or for a word of another scope.
  public init(_ text: String, scope: DemandScope = .core) throws(PackError) {
    var parser = try DemandParser(text, scope)
    self.text = text
    self.scope = scope
    root = try parser.whole()
  }

  /// The amount for the counts of one core.
  ///
  /// - Throws: `SYN0501` for a division by zero and for a value that is negative, not finite or
  ///   over 2⁵³.
  public func value(_ counts: CoreCounts) throws(PackError) -> Int {
    try amount(counts)
  }

  /// The amount for any counts; throws as ``value(_:)`` does.
  public func amount(_ values: some DemandValues) throws(PackError) -> Int {
    let value = DemandExpression.evaluate(root, values).rounded(.up)
    guard value.isFinite, value >= 0, value <= 0x1p53 else {
      throw PackError(
        .malformedChip, "the demand `\(text)` is \(value)\(given(values))",
        hint: "mend the expression in the chip file")
    }
    return Int(value)
  }

  /// The values of the variables that the expression speaks of, in words.
  private func given(_ values: some DemandValues) -> String {
    let named = DemandVariable.allCases.filter { mentions($0.rawValue) && $0 != .axonSynapses }
    guard !named.isEmpty else { return "" }
    let given = named.map { name in
      let value = values.value(name)
      // Counts of damaged files stop at the largest integer, which no `Double` is.
      return "\(name.rawValue) = \(Int(exactly: value).map(String.init) ?? "\(value)")"
    }
    return " where " + given.joined(separator: ", ")
  }

  /// Whether the expression speaks of a variable, list or set anywhere.
  func mentions(_ name: String) -> Bool { DemandExpression.mentions(root, name) }

  private static func mentions(_ term: Term, _ name: String) -> Bool {
    switch term {
    case .number: false
    case .variable(let variable): variable.rawValue == name
    case .operation(_, let left, let right): mentions(left, name) || mentions(right, name)
    case .call(_, let arguments): arguments.contains { mentions($0, name) }
    case .sum(let list, let inner): list.rawValue == name || mentions(inner, name)
    case .distinct(let set): set.rawValue == name
    }
  }

  // The parser bounds the depth, so this recursion is bounded as well.
  private static func evaluate(_ term: Term, _ values: some DemandValues) -> Double {
    switch term {
    case .number(let value): return value
    case .variable(let variable): return values.value(variable)
    case .operation(let operation, let left, let right):
      let (left, right) = (evaluate(left, values), evaluate(right, values))
      switch operation {
      case .add: return left + right
      case .subtract: return left - right
      case .multiply: return left * right
      case .divide: return left / right
      }
    case .call(let function, let arguments):
      let given = arguments.map { evaluate($0, values) }
      return call(function, given.first ?? 0, given.dropFirst())
    case .sum(let list, let inner):
      return values.members(list).reduce(0) { $0 + $1.count * evaluate(inner, $1.values) }
    case .distinct(let set): return values.distinct(set)
    }
  }

  private static func call(
    _ function: Function, _ first: Double, _ rest: ArraySlice<Double>
  ) -> Double {
    switch function {
    case .ceil: first.rounded(.up)
    case .floor: first.rounded(.down)
    case .min: rest.reduce(first) { Swift.min($0, $1) }
    case .max: rest.reduce(first) { Swift.max($0, $1) }
    case .log2ceil: Double(log2ceil(first))
    case .pow2ceil: Double(sign: .plus, exponent: log2ceil(first), significand: 1)
    }
  }

  private static func log2ceil(_ value: Double) -> Int {
    guard value > 1, value.isFinite else { return 0 }
    return value.significand == 1 ? Int(value.exponent) : Int(value.exponent) + 1
  }
}
