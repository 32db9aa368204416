internal import SynapackSupport
internal import Yams

/// The YAML of a policy before anything is read from it; every refusal names the line and shows it.
enum PolicyText {
  /// - Throws: `SYN0721`.
  static func root(_ text: String) throws(PackError) -> Node {
    if let breach = YAMLBounds.breach(in: text) {
      throw PolicyNode.refusal(breach.message, line: breach.line)
    }
    do {
      if let root = try Yams.compose(yaml: text) { return root }
    } catch let error as YamlError {
      throw refusal(error, text)
    } catch {
      throw PolicyNode.refusal("the text is not valid YAML: \(error)", line: 1)
    }
    throw PolicyNode.refusal("the policy is empty", line: 1)
  }

  private static func refusal(_ error: YamlError, _ text: String) -> PackError {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let words = [context?.text, problem].compactMap { $0 }.joined(separator: ": ")
      return refusal("is not valid YAML: \(words) at column \(mark.column)", mark.line, text)
    case .reader(let problem, _, let value, _):
      let line = line(of: value, in: text)
      return refusal("is not valid YAML: \(problem)", line, text)
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      let line = secondLine(of: key, after: context.mark, in: text)
      return refusal("gives the key `\(key)` a second time", line, text)
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return PolicyNode.refusal("the text is not valid YAML: \(error)", line: 1)
    }
  }

  private static func refusal(_ what: String, _ number: Int, _ text: String) -> PackError {
    let lines = lines(of: text)
    // A text that ends too early fails behind its last line.
    let number = min(max(number, 1), max(lines.count, 1))
    let shown = lines.indices.contains(number - 1) ? lines[number - 1].drop { $0 == " " } : ""
    let value = shown.isEmpty ? "the line" : "`\(shown.prefix(64))`"
    return PolicyNode.refusal("\(value) \(what)", line: number)
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { ["\n", "\r", "\r\n"].contains($0) }
  }

  /// The line of a character that YAML does not take.
  private static func line(of value: Int32, in text: String) -> Int {
    let before = text.unicodeScalars.prefix { Int64($0.value) != Int64(value) }
    return lines(of: String(before)).count
  }

  /// Where a key stands again at the same column, before its mapping ends; else where it stands.
  private static func secondLine(of key: String, after mark: Mark, in text: String) -> Int {
    let lines = lines(of: text)
    for index in lines.indices.dropFirst(mark.line) {
      let content = lines[index].drop { $0 == " " }
      let column = lines[index].count - content.count + 1
      guard !content.isEmpty, !content.hasPrefix("#") else { continue }
      if column < mark.column { break }
      let isKey = [key, "\"\(key)\"", "'\(key)'"].contains { content.hasPrefix($0 + ":") }
      if column == mark.column, isKey { return index + 1 }
    }
    return mark.line
  }
}
