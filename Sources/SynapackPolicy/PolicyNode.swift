internal import SynapackSupport
internal import Yams

/// One mapping of a policy file; every refusal names the line.
struct PolicyNode {
  /// What messages call it.
  let title: String
  /// The line on which it begins, from 1.
  let line: Int
  private let members: [(key: String, value: Node)]

  /// Takes a mapping whose keys are free.
  init(_ node: Node, _ title: String, line: Int? = nil) throws(PackError) {
    self.title = title
    self.line = line ?? node.mark?.line ?? 1
    guard case .mapping(let mapping) = node else {
      throw PolicyNode.refusal("`\(title)` is no mapping", line: self.line)
    }
    var members: [(String, Node)] = []
    for (key, value) in mapping {
      guard let text = key.string, (1...128).contains(text.utf8.count) else {
        throw PolicyNode.refusal("a key of `\(title)` is no short text", line: key.mark?.line ?? 1)
      }
      // A mapping of its own begins a line below its key.
      members.append((text, value))
      lines[text] = key.mark?.line ?? self.line
    }
    self.members = members
  }

  /// Takes a mapping whose keys are known.
  init(
    _ node: Node, _ title: String, line: Int? = nil, keys: [String]
  ) throws(PackError) {
    try self.init(node, title, line: line)
    for (key, _) in members where !keys.contains(key) {
      throw PackError(
        .malformedPolicy, "`\(title)` has no key `\(key)`", at: .line(lines[key] ?? self.line),
        hint: "did you mean `\(nearestName(to: key, among: keys) ?? "")`? the keys are "
          + keys.joined(separator: ", "))
    }
  }

  private var lines: [String: Int] = [:]

  /// In the order of the file.
  var keys: [String] { members.map(\.key) }

  func line(of key: String) -> Int { lines[key] ?? line }

  subscript(key: String) -> Node? { members.first { $0.key == key }?.value }

  func text(_ key: String) throws(PackError) -> String {
    guard let text = try optionalText(key) else {
      throw PolicyNode.refusal("`\(title)` has no `\(key)`", line: line)
    }
    return text
  }

  /// Text that says something: neither blank nor YAML's null.
  func words(_ key: String) throws(PackError) -> String {
    let text = try text(key)
    let isNull = ["~", "null", "Null", "NULL"].contains(text)
    guard !isNull, text.contains(where: { !$0.isWhitespace }) else { throw refusal(key, "no text") }
    return text
  }

  func optionalText(_ key: String) throws(PackError) -> String? {
    guard let node = self[key] else { return nil }
    guard let text = node.scalar?.string, (1...4096).contains(text.utf8.count) else {
      throw refusal(key, "no text")
    }
    return text
  }

  /// One text, or a list of at most 256.
  func texts(_ key: String) throws(PackError) -> [String] {
    guard case .sequence(let items)? = self[key] else { return [try text(key)] }
    let texts = items.compactMap { $0.scalar?.string }
    guard texts.count == items.count, texts.count <= 256, !texts.contains("") else {
      throw refusal(key, "no list of texts")
    }
    return texts
  }

  func quantity(_ key: String) throws(PackError) -> Quantity? {
    guard let text = try optionalText(key) else { return nil }
    guard let quantity = Quantity(text) else {
      throw refusal(key, "`\(text)`; a number such as 0.97, 2e7, 64KiB or 5% is expected")
    }
    return quantity
  }

  /// Text that YAML reads as a whole number, which it is not between quotation marks.
  func wholeNumber(_ key: String) throws(PackError) -> String? {
    guard let text = try optionalText(key) else { return nil }
    guard self[key]?.tag == Tag(.int) else {
      guard Int(text) != nil else {
        throw refusal(key, "`\(text)`; a whole number is expected")
      }
      throw PackError(
        .malformedPolicy, "`\(key)` of `\(title)` is the text `\(text)`, not a number",
        at: .line(line(of: key)), hint: "write it without quotation marks: \(key): \(text)")
    }
    return text
  }

  func refusal(_ key: String, _ found: String) -> PackError {
    PolicyNode.refusal("`\(key)` of `\(title)` is \(found)", line: line(of: key))
  }

  static func refusal(_ message: String, line: Int) -> PackError {
    PackError(
      .malformedPolicy, message, at: .line(line),
      hint: "mend that line; `schemas/policy.md` shows every key")
  }
}
