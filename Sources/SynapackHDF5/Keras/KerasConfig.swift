internal import SynapackSupport

/// The configuration of one layer, read as data.
struct KerasConfig: Sendable {
  let className: String
  let values: [String: JSON]

  /// The value of a key; `nil` where it is absent or null.
  subscript(key: String) -> JSON? {
    guard let value = values[key], value != .null else { return nil }
    return value
  }

  func integer(_ key: String, default standard: Int) throws(PackError) -> Int {
    guard let value = self[key] else { return standard }
    guard let integer = value.whole else { throw wrongKind(key, "an integer", value) }
    return integer
  }

  func number(_ key: String, default standard: Double) throws(PackError) -> Double {
    guard let value = self[key] else { return standard }
    guard let number = value.real else { throw wrongKind(key, "a number", value) }
    return number
  }

  func flag(_ key: String, default standard: Bool) throws(PackError) -> Bool {
    guard let value = self[key] else { return standard }
    guard case .bool(let flag) = value else { throw wrongKind(key, "true or false", value) }
    return flag
  }

  func text(_ key: String, default standard: String) throws(PackError) -> String {
    guard let value = self[key] else { return standard }
    guard case .string(let text) = value else { throw wrongKind(key, "a text", value) }
    return text
  }

  /// Integers, where one alone stands for a list of one.
  func integers(_ key: String) throws(PackError) -> [Int]? {
    guard let value = self[key] else { return nil }
    if let integer = value.whole { return [integer] }
    guard case .array(let items) = value, items.count <= 64 else {
      throw wrongKind(key, "a short list of integers", value)
    }
    var integers: [Int] = []
    for item in items {
      guard let integer = item.whole else { throw wrongKind(key, "a list of integers", value) }
      integers.append(integer)
    }
    return integers
  }

  /// `count` sizes, where one alone stands for all.
  func sizes(
    _ key: String, _ count: Int, default standard: Int? = nil
  ) throws(PackError) -> [Int] {
    guard let sizes = try integers(key) ?? standard.map({ [$0] }) else {
      throw unsupported("`\(key)` is missing", hint: "save the model again")
    }
    let all = sizes.count == 1 ? Array(repeating: sizes[0], count: count) : sizes
    guard all.count == count, all.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
      throw unsupported("`\(key)` is \(sizes)", hint: "check this layer in the source model")
    }
    return all
  }

  /// Numbers, where one alone stands for a list of one; lists in lists are flattened.
  func numbers(_ key: String) throws(PackError) -> [Float]? {
    guard let value = self[key] else { return nil }
    var numbers: [Float] = []
    try KerasConfig.collect(value, into: &numbers) { () in self.wrongKind(key, "numbers", value) }
    return numbers
  }

  private static func collect(
    _ value: JSON, into numbers: inout [Float], _ refusal: () -> PackError
  ) throws(PackError) {
    if let number = value.real { return numbers.append(Float(number)) }
    // As deep as the JSON, which is bounded.
    guard case .array(let items) = value else { throw refusal() }
    for item in items { try collect(item, into: &numbers, refusal) }
  }

  func wrongKind(_ key: String, _ expected: String, _ value: JSON) -> PackError {
    unsupported(
      "`\(key)` is \(value.excerpt), \(expected) was expected",
      hint: "check this layer in the source model")
  }

  func unsupported(_ message: String, hint: String) -> PackError {
    PackError(.unsupportedAttribute, "\(className): \(message)", hint: hint)
  }
}

extension JSON {
  var list: [JSON]? {
    guard case .array(let items) = self else { return nil }
    return items
  }

  /// A whole number in range; NumPy's numbers stand in an object of their own.
  var whole: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    case .object(let members): members["value"]?.whole
    case .null, .bool, .string, .array: nil
    }
  }

  var real: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .object(let members): members["value"]?.real
    case .null, .bool, .string, .array: nil
    }
  }

  /// The first characters of the value, for messages.
  var excerpt: String { String(text(indent: false).prefix(60)) }
}
