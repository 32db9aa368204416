public import SynapackSupport

/// How much of a resource a core takes, as a small expression over counts.
///
///     sum     = product { ("+" | "-") product }
///     product = factor { ("*" | "/") factor }
///     factor  = number | variable | function "(" sum { "," sum } ")" | "(" sum ")"
///
/// Functions: `ceil(x)`, `min(x, …)`, `max(x, …)`, `log2ceil(x)` = ⌈log₂ x⌉ for x ≥ 1, else 0, and
/// `pow2ceil(x)` = 2^log2ceil(x). The value is rounded up to a whole number.
public struct DemandExpression: Sendable, Hashable {
  public let text: String
  private let root: Term

  indirect enum Term: Sendable, Hashable {
    case number(Double)
    case variable(Variable)
    case operation(Operation, Term, Term)
    case call(Function, [Term])
  }

  enum Operation: Sendable { case add, subtract, multiply, divide }

  enum Function: String, Sendable, CaseIterable { case ceil, min, max, log2ceil, pow2ceil }

  /// What a demand may speak of, counted for one core.
  public enum Variable: String, Sendable, CaseIterable {
    case neurons
    /// Distinct source neurons over all slices of the core; the input port counts none.
    case inAxons = "in_axons"
    /// Paths from a source neuron to a neuron of the core, weights of zero included.
    case synapses
    /// Σ over these paths of their weight's declared bits.
    case synapseBits = "synapse_bits"
    /// The widest weight on the core.
    case weightBits = "weight_bits"
    /// Slices on the core.
    case slices
  }

  /// - Throws: `SYN0501` with the place in the text.
  public init(_ text: String) throws(PackError) {
    var parser = try DemandParser(text)
    self.text = text
    root = try parser.whole()
  }

  /// The amount for these counts.
  ///
  /// - Throws: `SYN0501` for a division by zero and for a value that is negative, not finite or
  ///   over 2⁵³.
  public func value(_ counts: CoreCounts) throws(PackError) -> Int {
    let value = DemandExpression.evaluate(root, counts).rounded(.up)
    guard value.isFinite, value >= 0, value <= 0x1p53 else {
      throw PackError(
        .malformedChip, "the demand `\(text)` is \(value) for \(counts)",
        hint: "mend the expression in the chip file")
    }
    return Int(value)
  }

  // The parser bounds the depth, so this recursion is bounded as well.
  private static func evaluate(_ term: Term, _ counts: CoreCounts) -> Double {
    switch term {
    case .number(let value): return value
    case .variable(let variable): return Double(counts[variable])
    case .operation(let operation, let left, let right):
      let (left, right) = (evaluate(left, counts), evaluate(right, counts))
      switch operation {
      case .add: return left + right
      case .subtract: return left - right
      case .multiply: return left * right
      case .divide: return left / right
      }
    case .call(let function, let arguments):
      let values = arguments.map { evaluate($0, counts) }
      let first = values.first ?? 0
      switch function {
      case .ceil: return first.rounded(.up)
      case .min: return values.dropFirst().reduce(first) { Swift.min($0, $1) }
      case .max: return values.dropFirst().reduce(first) { Swift.max($0, $1) }
      case .log2ceil: return Double(log2ceil(first))
      case .pow2ceil: return Double(sign: .plus, exponent: log2ceil(first), significand: 1)
      }
    }
  }

  private static func log2ceil(_ value: Double) -> Int {
    guard value > 1, value.isFinite else { return 0 }
    return value.significand == 1 ? Int(value.exponent) : Int(value.exponent) + 1
  }
}

/// The counts of one core that demands speak of.
public struct CoreCounts: Sendable, Hashable {
  public var neurons = 0
  public var inAxons = 0
  public var synapses = 0
  public var synapseBits = 0
  public var weightBits = 0
  public var slices = 0

  public init() {}

  subscript(variable: DemandExpression.Variable) -> Int {
    switch variable {
    case .neurons: neurons
    case .inAxons: inAxons
    case .synapses: synapses
    case .synapseBits: synapseBits
    case .weightBits: weightBits
    case .slices: slices
    }
  }
}
