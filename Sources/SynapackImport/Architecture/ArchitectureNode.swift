internal import SynapackSupport
internal import Yams

/// A piece of an architecture description: YAML without tags, anchors and types.
struct ArchitectureNode {
  indirect enum Content {
    case text(String)
    case list([ArchitectureNode])
    case mapping([(key: String, value: ArchitectureNode)])
    /// A key without a value.
    case nothing
  }

  var content: Content
  var line: Int

  /// Reads a whole description.
  ///
  /// - Throws: `SYN0250` for text that is no YAML, or larger or deeper than one.
  static func read(_ text: String) throws(PackError) -> ArchitectureNode {
    guard YAMLBounds.hold(text) else {
      throw PackError(
        .malformedArchitecture,
        "the text is larger or nested deeper than a description, or has anchors",
        hint: "write nested values on lines of their own, and blocks instead of anchors")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw PackError(
        .malformedArchitecture, "the text is not valid YAML: \(error)",
        hint: "mend the description")
    }
    guard let root else {
      throw PackError(
        .malformedArchitecture, "the description is empty", hint: "list the layers of the network")
    }
    return try ArchitectureNode(root)
  }

  private init(_ node: Node) throws(PackError) {
    line = node.mark?.line ?? 0
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      content =
        isPlain && ["", "~", "null"].contains(scalar.string) ? .nothing : .text(scalar.string)
    case .sequence(let sequence):
      var items: [ArchitectureNode] = []
      for item in sequence { items.append(try ArchitectureNode(item)) }
      content = .list(items)
    case .mapping(let mapping):
      var members: [(key: String, value: ArchitectureNode)] = []
      var seen: Set<String> = []
      for (key, value) in mapping {
        guard let name = key.scalar?.string, seen.insert(name).inserted else {
          throw architectureRefusal("a key is no text or stands twice", line: key.mark?.line)
        }
        members.append((name, try ArchitectureNode(value)))
      }
      content = .mapping(members)
    case .alias:
      throw architectureRefusal("aliases are not read", line: line)
    }
  }

  init(_ text: String, line: Int) {
    content = .text(text)
    self.line = line
  }

  var text: String? { if case .text(let text) = content { text } else { nil } }

  /// The members of a mapping whose keys are all known.
  ///
  /// - Throws: `SYN0250` for an unknown key, with the nearest known one.
  func members(
    _ title: String, keys: [String]
  ) throws(PackError) -> [String: ArchitectureNode] {
    guard case .mapping(let members) = content else {
      throw architectureRefusal("`\(title)` is no mapping", line: line)
    }
    var result: [String: ArchitectureNode] = [:]
    for (key, value) in members {
      guard keys.contains(key) else {
        throw architectureRefusal(
          "`\(title)` has no key `\(key)`", line: value.line, nearest: key, among: keys)
      }
      result[key] = value
    }
    return result
  }

  /// A list, or one value that stands for a list of it.
  func items() -> [ArchitectureNode] {
    switch content {
    case .list(let items): items
    case .nothing: []
    case .text, .mapping: [self]
    }
  }
}

/// A description that cannot be read, at a line of it.
func architectureRefusal(
  _ message: String, line: Int?, nearest: String? = nil, among known: [String] = []
) -> PackError {
  var hint = "mend the description; schemas/architecture.md lists all layers and keys"
  if let nearest, let near = nearestName(to: nearest, among: known) {
    hint = "did you mean `\(near)`? " + hint
  }
  return PackError(
    .malformedArchitecture, message, at: line.flatMap { $0 > 0 ? .line($0) : nil }, hint: hint)
}
