/// A JSON value that is written in one way only: keys sorted by code point, no spare space.
///
/// Numbers are written in the shortest form that reads back to the same value (Swift's own
/// description of `Double`), whole numbers without a fraction. Equal values give equal bytes.
public enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  /// A finite number; one that is not finite is written as `null`, as JSON has no name for it.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// The canonical bytes as text; with `indent`, one value a line for people.
  public func text(indent: Bool = false) -> String {
    var out = ""
    write(into: &out, depth: indent ? 0 : nil)
    return out
  }

  private func write(into out: inout String, depth: Int?) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .number(let value): out += JSON.description(of: value)
    case .string(let value): JSON.quote(value, into: &out)
    case .array(let values):
      // An array of plain numbers stays on one line, or a weight map would fill a screen a row.
      let inline = values.allSatisfy { $0.isPlain }
      JSON.list(values, "[", "]", into: &out, depth: inline ? nil : depth) { value, out, depth in
        value.write(into: &out, depth: depth)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      JSON.list(sorted, "{", "}", into: &out, depth: depth) { member, out, depth in
        JSON.quote(member.key, into: &out)
        out += depth == nil ? ":" : ": "
        member.value.write(into: &out, depth: depth)
      }
    }
  }

  private var isPlain: Bool {
    switch self {
    case .null, .bool, .integer, .number, .string: true
    case .array, .object: false
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, into out: inout String, depth: Int?,
    _ write: (Element, inout String, Int?) -> Void
  ) {
    out += open
    for (index, element) in elements.enumerated() {
      if index > 0 { out += "," }
      if let depth { out += "\n" + String(repeating: "  ", count: depth + 1) }
      write(element, &out, depth.map { $0 + 1 })
    }
    if let depth, !elements.isEmpty { out += "\n" + String(repeating: "  ", count: depth) }
    out += close
  }

  private static func description(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded(), value.magnitude < 0x1p53 { return String(Int(value)) }
    return value.description
  }

  private static func quote(_ text: String, into out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x2028...0x202E).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
  }
}
