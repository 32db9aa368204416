internal import SynapackSupport

/// Reads a demand by descent, at most 32 levels deep and 1024 characters long.
struct DemandParser {
  private let text: [UInt8]
  private let source: String
  /// The scopes whose words may stand here: that of the demand, or of the list that is summed.
  private let scope: DemandScope
  private var isInSum = false
  private var index = 0
  private static let largestDepth = 32
  private static let largestLength = 1024

  init(_ text: String, _ scope: DemandScope) throws(PackError) {
    self.text = Array(text.utf8)
    self.scope = scope
    source = text
    guard self.text.count <= DemandParser.largestLength else {
      throw PackError(
        .malformedChip, "a demand of \(self.text.count) bytes", hint: "write a shorter expression")
    }
  }

  mutating func whole() throws(PackError) -> DemandExpression.Term {
    let term = try sum(depth: 0)
    guard peek() == nil else { throw refusal("an operator was expected") }
    return term
  }

  private mutating func sum(depth: Int) throws(PackError) -> DemandExpression.Term {
    guard depth < DemandParser.largestDepth else { throw refusal("too many levels") }
    var left = try product(depth: depth)
    var links = 0
    while true {
      let isSum = accept("+")
      guard isSum || accept("-") else { return left }
      // A chain of operators is a chain of terms, so it counts as depth when it is evaluated.
      links += 1
      guard links <= DemandParser.largestDepth else { throw refusal("too many terms") }
      left = .operation(isSum ? .add : .subtract, left, try product(depth: depth))
    }
  }

  private mutating func product(depth: Int) throws(PackError) -> DemandExpression.Term {
    var left = try factor(depth: depth)
    var links = 0
    while true {
      let isProduct = accept("*")
      guard isProduct || accept("/") else { return left }
      links += 1
      guard links <= DemandParser.largestDepth else { throw refusal("too many factors") }
      left = .operation(isProduct ? .multiply : .divide, left, try factor(depth: depth))
    }
  }

  private mutating func factor(depth: Int) throws(PackError) -> DemandExpression.Term {
    if accept("(") {
      let inner = try sum(depth: depth + 1)
      guard accept(")") else { throw refusal("`)` was expected") }
      return inner
    }
    let start = index
    while let byte = peek(skipping: index == start), DemandParser.isWordByte(byte) { index += 1 }
    let word = String(decoding: text[start..<index], as: UTF8.self)
      .drop { $0 == " " }
    guard let first = word.utf8.first else {
      throw refusal("a number, a variable or `(` was expected")
    }
    if (0x30...0x39).contains(first) {
      // Not in another base, which Swift would read too.
      guard !word.utf8.contains(UInt8(ascii: "x")), let value = Double(word), value.isFinite else {
        throw refusal("`\(word)` is no number")
      }
      return .number(value)
    }
    if accept("(") { return try call(String(word), depth: depth + 1) }
    guard let variable = DemandVariable(rawValue: String(word)), variable.scopes.contains(scope)
    else {
      let names = DemandVariable.names(in: scope)
      let nearest = nearestName(to: String(word), among: names) ?? ""
      throw refusal(
        "`\(word)` is no variable of a \(scope.rawValue); did you mean `\(nearest)`? they are "
          + names.joined(separator: ", "))
    }
    guard variable != .axonSynapses || isInSum else {
      throw refusal("`axon_synapses` has a meaning within `sum(axons, …)` alone")
    }
    return .variable(variable)
  }

  private mutating func call(
    _ name: String, depth: Int
  ) throws(PackError) -> DemandExpression.Term {
    if name == "distinct" { return try distinct() }
    if name == "sum" { return try sumOver(depth: depth) }
    guard let function = DemandExpression.Function(rawValue: name) else {
      let names = DemandExpression.Function.allCases.map(\.rawValue) + ["sum", "distinct"]
      throw refusal("`\(name)` is no function; they are \(names.joined(separator: ", "))")
    }
    var arguments = [try sum(depth: depth)]
    while accept(",") { arguments.append(try sum(depth: depth)) }
    guard accept(")") else { throw refusal("`)` was expected") }
    switch function {
    case .ceil, .floor, .log2ceil, .pow2ceil:
      guard arguments.count == 1 else { throw refusal("`\(name)` takes one value") }
    case .min, .max: break
    }
    return .call(function, arguments)
  }

  /// `distinct(SET)`, behind the bracket.
  private mutating func distinct() throws(PackError) -> DemandExpression.Term {
    let word = word()
    guard let set = DemandSet(rawValue: word), set.scopes.contains(scope), accept(")") else {
      let names = DemandSet.allCases.map(\.rawValue).joined(separator: ", ")
      throw refusal("`distinct` takes one of \(names), of a core or layer")
    }
    return .distinct(set)
  }

  /// `sum(LIST, …)`, behind the bracket.
  private mutating func sumOver(depth: Int) throws(PackError) -> DemandExpression.Term {
    let word = word()
    guard let list = DemandList(rawValue: word), list.scope == scope, !isInSum, accept(",") else {
      let names = DemandList.allCases.filter { $0.scope == scope }.map(\.rawValue)
      throw refusal(
        "`sum` takes one of \(names.joined(separator: ", ")), a comma and a value, and holds no "
          + "other sum")
    }
    isInSum = true
    let inner = try sum(depth: depth)
    isInSum = false
    guard accept(")") else { throw refusal("`)` was expected") }
    return .sum(list, inner)
  }

  private mutating func word() -> String {
    _ = peek()
    let start = index
    while index < text.count, DemandParser.isWordByte(text[index]) { index += 1 }
    return String(decoding: text[start..<index], as: UTF8.self)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The next byte, behind any spaces.
  private mutating func peek(skipping: Bool = true) -> UInt8? {
    while skipping, index < text.count, text[index] == 0x20 { index += 1 }
    return index < text.count ? text[index] : nil
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private func refusal(_ message: String) -> PackError {
    PackError(
      .malformedChip, "the demand `\(source)` cannot be read at character \(index + 1): \(message)",
      hint: "mend the expression in the chip file")
  }
}
