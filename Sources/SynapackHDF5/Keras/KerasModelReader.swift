internal import SynapackSupport

/// Reads the configuration of a model, Sequential or functional, of Keras 2 or 3.
enum KerasModelReader {
  static let modelClasses: Set<String> = ["Sequential", "Functional", "Model"]

  private static let largestLayerCount = 1 << 16

  /// - Throws: `SYN0201` where the configuration is malformed.
  static func model(_ json: JSON) throws(PackError) -> KerasModel {
    try model(json, group: nil, path: "")
  }

  /// Calls itself for models inside, as deep as the JSON, which is bounded.
  private static func model(
    _ json: JSON, group: String?, path: String
  ) throws(PackError) -> KerasModel {
    guard let className = json.member("class_name")?.string, modelClasses.contains(className) else {
      throw malformed("the configuration is not that of a Sequential or functional model")
    }
    let isSequential = className == "Sequential"
    let config = json.member("config") ?? .null
    // Old versions wrote the layers of a Sequential model without anything around them.
    guard let items = config.member("layers")?.list ?? (isSequential ? config.list : nil),
      items.count <= largestLayerCount
    else { throw malformed("the model lists no layers") }
    var names = KerasNames()
    var layers: [KerasLayer] = []
    for item in items {
      layers.append(
        try layer(item, in: group, path: path, isSequential: isSequential, &names))
    }
    return KerasModel(
      name: config.member("name")?.string ?? "model", isSequential: isSequential, layers: layers,
      inputs: isSequential ? [] : try references(config.member("input_layers")),
      outputs: isSequential ? [] : try references(config.member("output_layers")),
      builtShape: config.member("build_input_shape")
        ?? json.member("build_config")?.member("input_shape"))
  }

  private static func layer(
    _ json: JSON, in group: String?, path: String, isSequential: Bool, _ names: inout KerasNames
  ) throws(PackError) -> KerasLayer {
    guard let className = json.member("class_name")?.string,
      let config = json.member("config")
    else { throw malformed("a layer has no class or configuration") }
    let name = config.member("name")?.string ?? json.member("name")?.string ?? className
    let unique = names.next(className == "Model" ? "Functional" : className)
    let own = (path.isEmpty ? "layers/" : path + "/layers/") + unique
    var values: [String: JSON] = [:]
    var inner: KerasModel?
    if modelClasses.contains(className) {
      inner = try model(json, group: group ?? name, path: own)
    } else if case .object(let members) = config {
      values = members
    } else {
      throw malformed("the configuration of `\(name)` is no object")
    }
    let calls = isSequential ? [] : try KerasCalls.read(json.member("inbound_nodes"), layer: name)
    return KerasLayer(
      config: KerasConfig(className: className, values: values), name: name, model: inner,
      calls: calls,
      place: KerasVariablePlace(
        group: group ?? name, name: name, isNested: group != nil, path: own))
  }

  /// `["name", 0, 0]`, or a list or object of such.
  private static func references(_ json: JSON?) throws(PackError) -> [KerasReference] {
    guard let json else { throw malformed("the model names no inputs or outputs") }
    if let single = KerasCalls.reference(json) { return [single] }
    guard let items = json.list else {
      throw malformed("the inputs or outputs of the model are \(json.excerpt)")
    }
    var references: [KerasReference] = []
    for item in items {
      guard let reference = KerasCalls.reference(item) else {
        throw malformed("an input or output of the model is \(item.excerpt)")
      }
      references.append(reference)
    }
    return references
  }

  static func malformed(_ message: String) -> PackError {
    PackError(
      .malformedModel, message, hint: "save the model again with `model.save`")
  }
}

/// The names that Keras 3 gives layers in its file of weights: the class in snake case, numbered.
private struct KerasNames {
  private var used: [String: Int] = [:]

  mutating func next(_ className: String) -> String {
    let base = KerasNames.snakeCase(className)
    let count = used[base] ?? 0
    used[base] = count + 1
    return count == 0 ? base : "\(base)_\(count)"
  }

  /// An underscore before each capital that begins a word: `Conv2D` is `conv2d`, `PReLU` `p_re_lu`.
  static func snakeCase(_ name: String) -> String {
    let characters = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
      if index > 0, character.isUppercase {
        let follows = index + 1 < characters.count && characters[index + 1].isLowercase
        if follows || characters[index - 1].isLowercase { result += "_" }
      }
      result += character.lowercased()
    }
    return result
  }
}
