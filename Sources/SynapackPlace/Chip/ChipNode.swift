internal import SynapackSupport
internal import Yams

/// One mapping of a chip file, whose keys are known.
struct ChipNode {
  private let mapping: Node.Mapping
  private let title: String

  init(_ node: Node, _ title: String, keys: [String]) throws(PackError) {
    guard case .mapping(let mapping) = node else {
      throw PackError(
        .malformedChip, "`\(title)` is no mapping", at: ChipNode.place(node),
        hint: "mend the chip file")
    }
    self.mapping = mapping
    self.title = title
    for (key, _) in mapping {
      guard let text = key.string, keys.contains(text) else {
        let unknown = key.string ?? "?"
        throw PackError(
          .malformedChip, "`\(title)` has no key `\(unknown)`", at: ChipNode.place(key),
          hint:
            "did you mean `\(nearestName(to: unknown, among: keys) ?? "")`? the keys are \(keys.joined(separator: ", "))"
        )
      }
    }
  }

  func has(_ key: String) -> Bool { mapping[key] != nil }

  private func value(_ key: String) throws(PackError) -> Node {
    guard let node = mapping[key] else { throw refusal(key, "nothing") }
    return node
  }

  func child(_ key: String, keys: [String]) throws(PackError) -> ChipNode {
    try ChipNode(try value(key), key, keys: keys)
  }

  func list(_ key: String) throws(PackError) -> [Node] {
    guard case .sequence(let items) = try value(key) else { throw refusal(key, "no list") }
    return Array(items)
  }

  func text(_ key: String, default fallback: String? = nil) throws(PackError) -> String {
    if let fallback, !has(key) { return fallback }
    guard case .scalar(let scalar) = try value(key), scalar.string.utf8.count <= 4096 else {
      throw refusal(key, "no text")
    }
    return scalar.string
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(PackError) -> Int {
    let text = try text(key)
    guard let number = Int(text), range.contains(number) else {
      throw refusal(key, "`\(text)`; a whole number in \(range) is expected")
    }
    return number
  }

  func number(_ key: String) throws(PackError) -> Double {
    let text = try text(key)
    guard let number = Double(text), number.isFinite, number >= 0, number <= 1e12 else {
      throw refusal(key, "`\(text)`; a number that is not negative is expected")
    }
    return number
  }

  func boolean(_ key: String) throws(PackError) -> Bool {
    switch try text(key) {
    case "true": return true
    case "false": return false
    case let other: throw refusal(key, "`\(other)`; true or false is expected")
    }
  }

  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String
  ) throws(PackError) -> Choice {
    let text = try text(key)
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw refusal(key, "`\(text)`; one of \(names) is expected")
    }
    return choice
  }

  /// The words of a list, none where the key is absent.
  func choices(_ key: String, among words: [String]) throws(PackError) -> [String] {
    guard has(key) else { return [] }
    var chosen: [String] = []
    for item in try list(key) {
      guard let word = item.string, words.contains(word) else {
        throw refusal(key, "`\(item.string ?? "?")`; \(words.joined(separator: ", ")) are allowed")
      }
      chosen.append(word)
    }
    return chosen
  }

  /// A range of numbers of bits; `nil` where the key is absent.
  func widths(_ key: String) throws(PackError) -> ClosedRange<Int>? {
    guard has(key) else { return nil }
    let range = try range(try value(key), key)
    guard range.lowerBound >= 1, range.upperBound <= 64 else {
      throw refusal(
        key, "[\(range.lowerBound), \(range.upperBound)]; widths of 1 to 64 bits are expected")
    }
    return range
  }

  func range(_ key: String) throws(PackError) -> ClosedRange<Int> { try range(try value(key), key) }

  /// At most 64 whole numbers.
  func integers(_ key: String) throws(PackError) -> [Int] {
    var numbers: [Int] = []
    for item in try list(key) {
      guard let number = item.string.flatMap({ Int($0) }), numbers.count < 64 else {
        throw refusal(key, "no list of at most 64 whole numbers")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// `[lower, upper]`
  func range(_ node: Node, _ key: String) throws(PackError) -> ClosedRange<Int> {
    guard case .sequence(let items) = node, items.count == 2,
      let lower = items.first?.string.flatMap({ Int($0) }),
      let upper = items.last?.string.flatMap({ Int($0) }), lower <= upper
    else { throw refusal(key, "no range; [lower, upper] is expected") }
    return lower...upper
  }

  func refusal(_ key: String, _ found: String) -> PackError {
    PackError(
      .malformedChip, "`\(key)` of `\(title)` is \(found)",
      at: (mapping[key]).flatMap(ChipNode.place), hint: "mend the chip file")
  }

  private static func place(_ node: Node) -> Place? {
    node.mark.map { .line($0.line) }
  }

  /// Refuses what the YAML parser, which descends by recursion and knows no limit, could choke on.
  static func checkBounds(_ text: String) throws(PackError) {
    guard YAMLBounds.hold(text) else {
      throw PackError(
        .malformedChip, "the text is larger or nested deeper than a chip file, or has anchors",
        hint: "write nested values on lines of their own, and values instead of anchors")
    }
  }
}
