internal import SynapackSupport

/// How the tensors of a file become a network: an input and a list of layers, read from YAML.
///
/// Layers stay as they are written until they are built, because blocks, repetitions and
/// conditions depend on which tensors exist.
struct ArchitectureDescription {
  var name: String
  /// The shape of one sample: numbers, placeholders, or `*` for what the first weights say.
  var input: [ArchitectureNode]
  /// Values of placeholders, which a user may set.
  var parameters: [String: String]
  var blocks: [String: Block]
  var layers: [ArchitectureNode]
  /// Names of tensors that no layer takes; a `*` at one end stands for anything.
  var ignored: [String]
  /// Tensors that tell this network by being there.
  var present: [String]
  /// Tensors that tell it by not being there.
  var absent: [String]
  /// The name with an {n} that all tensors must bear for this network to be told, and the ranks
  /// of their weights.
  var sequencePattern: String?
  var sequenceRanks: [String]
  /// Where the text lies, which is never in the file of weights.
  var place = Place.option("--architecture")

  /// Layers that may be used several times, with placeholders of their own.
  struct Block {
    var parameters: [String: String]
    var layers: [ArchitectureNode]
  }

  /// - Throws: `SYN0250` for what is no description.
  init(yaml text: String) throws(PackError) {
    let root = try ArchitectureNode.read(text)
    let members = try root.members(
      "the description", keys: ["name", "input", "with", "detect", "ignore", "define", "layers"])
    guard let name = members["name"]?.text, let input = members["input"]?.items(),
      let layers = members["layers"]?.items(), !layers.isEmpty, (1...4).contains(input.count)
    else {
      throw architectureRefusal(
        "a description has a name, an input of 1 to 4 extents, and layers", line: root.line)
    }
    self.name = name
    self.input = input
    self.layers = layers
    parameters = try members["with"].map(ArchitectureDescription.texts) ?? [:]
    ignored = try ArchitectureDescription.names(members["ignore"])
    let detection = try members["detect"]?.members(
      "detect", keys: ["has", "lacks", "sequence", "ranks"])
    present = try ArchitectureDescription.names(detection?["has"])
    absent = try ArchitectureDescription.names(detection?["lacks"])
    sequencePattern = detection?["sequence"]?.text
    sequenceRanks = try ArchitectureDescription.names(detection?["ranks"])
    blocks = try members["define"].map(ArchitectureDescription.blocks) ?? [:]
  }

  /// An error of the description itself, led back to where the user can mend it.
  ///
  /// The lines of a ready description are in nobody's file: only its parameters can be wrong.
  func located(_ error: PackError) -> PackError {
    guard error.code == .malformedArchitecture else { return error }
    if case .file = place { return error.at(place) }
    let takes = parameters.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
    return PackError(
      error.code, error.message, at: place,
      hint: takes.isEmpty
        ? "`\(name)` has no parameters"
        : "`\(name)` has the parameters \(takes); schemas/architecture.md says what they take")
  }

  /// The same with some parameters set.
  ///
  /// - Throws: `SYN0250` for a parameter that the description does not have.
  func setting(_ values: [(key: String, value: String)]) throws(PackError) -> Self {
    var copy = self
    for (key, value) in values {
      guard copy.parameters.updateValue(value, forKey: key) != nil else {
        throw architectureRefusal(
          "`\(name)` has no parameter `\(key)`", line: nil, nearest: key,
          among: parameters.keys.sorted())
      }
    }
    return copy
  }

  private static func blocks(_ node: ArchitectureNode) throws(PackError) -> [String: Block] {
    guard case .mapping(let members) = node.content else {
      throw architectureRefusal("`define` is no mapping of blocks", line: node.line)
    }
    var blocks: [String: Block] = [:]
    for (name, value) in members {
      let parts = try value.members(name, keys: ["with", "layers"])
      guard let layers = parts["layers"]?.items(), !layers.isEmpty else {
        throw architectureRefusal("the block `\(name)` has no layers", line: value.line)
      }
      blocks[name] = Block(parameters: try parts["with"].map(texts) ?? [:], layers: layers)
    }
    return blocks
  }

  /// A mapping of texts.
  static func texts(_ node: ArchitectureNode) throws(PackError) -> [String: String] {
    guard case .mapping(let members) = node.content else {
      throw architectureRefusal("a mapping of names to values was expected", line: node.line)
    }
    var texts: [String: String] = [:]
    for (key, value) in members {
      guard let text = value.text else {
        throw architectureRefusal("`\(key)` has no value", line: value.line)
      }
      texts[key] = text
    }
    return texts
  }

  static func names(_ node: ArchitectureNode?) throws(PackError) -> [String] {
    var names: [String] = []
    for item in node?.items() ?? [] {
      guard let text = item.text else {
        throw architectureRefusal("a list of names was expected", line: item.line)
      }
      names.append(text)
    }
    return names
  }
}
