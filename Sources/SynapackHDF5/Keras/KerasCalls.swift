internal import SynapackSupport

/// Reads what the calls of a layer take, `inbound_nodes`, in both of Keras' forms.
enum KerasCalls {
  static func read(_ json: JSON?, layer: String) throws(PackError) -> [[KerasReference]] {
    guard let items = json?.list else {
      throw KerasModelReader.malformed("the layer `\(layer)` does not say what it reads")
    }
    var calls: [[KerasReference]] = []
    for item in items {
      calls.append(
        try within(.layer(layer)) { () throws(PackError) in
          item.list == nil ? try newer(item) : try older(item)
        })
    }
    return calls
  }

  /// Keras 2: a list of `[layer, node, tensor, keyword arguments]`, or one of them alone.
  private static func older(_ call: JSON) throws(PackError) -> [KerasReference] {
    if let single = reference(call) {
      try checkKeywords(call.list?.dropFirst(3).first)
      return [single]
    }
    var references: [KerasReference] = []
    for item in call.list ?? [] {
      guard let reference = reference(item) else {
        throw KerasModelReader.malformed("the layer reads \(item.excerpt)")
      }
      try checkKeywords(item.list?.dropFirst(3).first)
      references.append(reference)
    }
    return references
  }

  /// Keras 3: `{"args": [tensor or list of tensors], "kwargs": {…}}`.
  private static func newer(_ call: JSON) throws(PackError) -> [KerasReference] {
    guard let arguments = call.member("args")?.list else {
      throw KerasModelReader.malformed("a call is \(call.excerpt)")
    }
    try checkKeywords(call.member("kwargs"))
    var references: [KerasReference] = []
    for argument in arguments {
      for item in argument.list ?? [argument] {
        guard item.member("class_name")?.string == "__keras_tensor__",
          let history = item.member("config")?.member("keras_history"),
          let reference = reference(history)
        else {
          throw PackError(
            .unsupportedAttribute, "the layer is called with \(item.excerpt)",
            hint: "call layers with the outputs of other layers only")
        }
        references.append(reference)
      }
    }
    return references
  }

  /// `["name", node, tensor, …]`; `nil` for anything else.
  static func reference(_ json: JSON) -> KerasReference? {
    guard let items = json.list, items.count >= 3, let name = items[0].string,
      let node = items[1].whole, let tensor = items[2].whole
    else { return nil }
    return KerasReference(layer: name, node: node, tensor: tensor)
  }

  /// Arguments beside the inputs change the result, but for those of training.
  private static func checkKeywords(_ json: JSON?) throws(PackError) {
    guard case .object(let members)? = json else { return }
    for key in members.keys.sorted() {
      guard let value = members[key], value != .null else { continue }
      // A call with `training` true would keep dropout and batch statistics at inference.
      guard key == "training", value == .bool(false) else {
        throw PackError(
          .unsupportedAttribute, "the layer is called with `\(key)` = \(value.excerpt)",
          hint: "call layers with their inputs only")
      }
    }
  }
}
