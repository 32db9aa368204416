internal import SynapackSupport

/// One entry of a list of layers: a word, what stands behind it, and further keys.
///
///     - relu
///     - convolution: conv1
///       padding: 1
struct ArchitectureItem {
  let kind: String
  let value: ArchitectureNode
  let options: [String: ArchitectureNode]
  let line: Int

  /// The words that are no layers, with their keys.
  private static let controls: [String: [String]] = [
    "block": ["prefix", "with"], "repeat": ["each", "numbers", "with", "first"],
    "sequence": [
      "convolution", "linear", "batch-normalization", "start", "between", "between-linear", "end",
    ],
  ]

  /// Reads an entry with its placeholders filled in.
  ///
  /// - Throws: `SYN0250` for an unknown word or key, with the nearest known one.
  init(_ node: ArchitectureNode, _ parameters: [String: String]) throws(PackError) {
    let node = try node.filled(parameters)
    line = node.line
    let members: [(key: String, value: ArchitectureNode)]
    switch node.content {
    case .text(let word):
      var nothing = node
      nothing.content = .nothing
      members = [(word, nothing)]
    case .mapping(let pairs): members = pairs
    case .list, .nothing:
      throw architectureRefusal("an entry of the layers is no word and no mapping", line: line)
    }
    // The word comes first; a sequence has keys that are words too.
    guard let (kind, value) = members.first else {
      throw architectureRefusal("an entry of the layers is empty", line: line)
    }
    guard let keys = ArchitectureItem.keys(kind) else {
      throw architectureRefusal(
        "there is no layer `\(kind)`", line: line, nearest: kind,
        among: Array(architectureLayers.keys) + Array(ArchitectureItem.controls.keys))
    }
    var options: [String: ArchitectureNode] = [:]
    for (key, value) in members.dropFirst() {
      guard keys.contains(key) else {
        throw architectureRefusal(
          "`\(kind)` has no key `\(key)`", line: value.line, nearest: key, among: keys)
      }
      options[key] = value
    }
    self.kind = kind
    self.value = value
    self.options = options
  }

  private static func keys(_ kind: String) -> [String]? {
    (architectureLayers[kind]?.keys ?? controls[kind]).map {
      ($0 + ArchitectureLayer.commonKeys).sorted()
    }
  }
}

extension ArchitectureNode {
  /// The bytes that a text may have with its placeholders filled in.
  private static let longestText = 4096

  /// The same with each `{name}` replaced by the parameter's value; `{n}` stays for repetitions.
  func filled(_ parameters: [String: String]) throws(PackError) -> ArchitectureNode {
    var copy = self
    switch content {
    case .nothing: break
    case .text(let text): copy.content = .text(try filled(text, parameters))
    case .list(let items):
      var filled: [ArchitectureNode] = []
      for item in items { filled.append(try item.filled(parameters)) }
      copy.content = .list(filled)
    case .mapping(let members):
      var filled: [(key: String, value: ArchitectureNode)] = []
      for (key, value) in members {
        filled.append((try self.filled(key, parameters), try value.filled(parameters)))
      }
      copy.content = .mapping(filled)
    }
    return copy
  }

  private func filled(
    _ text: String, _ parameters: [String: String]
  ) throws(PackError) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw architectureRefusal("`\(text)` opens a placeholder and does not close it", line: line)
      }
      let name = String(rest[rest.index(after: open)..<close])
      guard let value = name == "n" ? "{n}" : parameters[name] else {
        throw architectureRefusal(
          "there is no parameter `\(name)`", line: line, nearest: name,
          among: parameters.keys.sorted())
      }
      result += rest[..<open] + value
      rest = rest[rest.index(after: close)...]
      guard result.utf8.count <= ArchitectureNode.longestText else {
        throw architectureRefusal("a text grows too long", line: line)
      }
    }
    return result + rest
  }
}

extension String {
  /// The same with `{name}` replaced by `value`.
  func filling(_ name: String, with value: String) -> String {
    var result = ""
    var rest = self[...]
    while let place = rest.firstRange(of: "{\(name)}") {
      result += rest[..<place.lowerBound] + value
      rest = rest[place.upperBound...]
    }
    return result + rest
  }
}
