internal import SynapackSupport

/// Finds what would make Keras run code: an allow-list of modules and a list of known traps.
///
/// The configuration is only ever read as data here, so nothing could run; but a model that holds
/// such a thing cannot be understood from its configuration either.
enum KerasSafety {
  private static let traps: Set<String> = [
    "Lambda", "TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod",
    "InstanceProperty", "TensorFlowOpLayer", "__lambda__", "__tf_function__", "function",
  ]

  /// - Throws: `SYN0227` for the first object that names code, in the order of the keys.
  static func check(_ model: JSON) throws(PackError) {
    switch model {
    case .null, .bool, .integer, .number, .string: return
    case .array(let items):
      for item in items { try check(item) }
    case .object(let members):
      try checkObject(members)
      // How the model is trained plays no part.
      for key in members.keys.sorted() where key != "compile_config" {
        if let member = members[key] { try check(member) }
      }
    }
  }

  private static func checkObject(_ members: [String: JSON]) throws(PackError) {
    guard let name = members["class_name"]?.string else { return }
    let layer = members["config"]?.member("name")?.string ?? members["name"]?.string ?? name
    if traps.contains(name) {
      throw refusal("`\(name)` stands for code of the model's author", layer)
    }
    if let module = members["module"]?.string, !isKeras(module) {
      throw refusal("`\(name)` comes from the module `\(module)`", layer)
    }
    if let registered = members["registered_name"]?.string, registered != name,
      registered != "Functional"
    {
      throw refusal("`\(name)` is registered as `\(registered)`", layer)
    }
  }

  private static func isKeras(_ module: String) -> Bool {
    let roots = ["keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras"]
    return roots.contains { module == $0 || module.hasPrefix($0 + ".") }
  }

  private static func refusal(_ message: String, _ layer: String) -> PackError {
    PackError(
      .kerasCode, message, at: .layer(layer),
      hint: "replace it by standard layers and save the model again")
  }
}
