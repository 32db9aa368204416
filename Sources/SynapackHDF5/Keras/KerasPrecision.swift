internal import SynapackSupport

/// The number formats in which the layers of a model compute.
enum KerasPrecision {
  /// All but float32, each once, ascending.
  static func others(_ model: KerasModel) -> [String] {
    var found: Set<String> = []
    var open = [model]
    while let next = open.popLast() {
      for layer in next.layers {
        if let inner = layer.model { open.append(inner) }
        // Inputs may come as integers; they are converted by the preprocessing.
        guard layer.className != "InputLayer", let name = name(layer.config["dtype"]),
          name != "float32"
        else { continue }
        found.insert(name)
      }
    }
    return found.sorted()
  }

  /// A name, or a policy whose configuration has one.
  private static func name(_ stated: JSON?) -> String? {
    guard let stated else { return nil }
    return stated.string ?? stated.member("config")?.member("name")?.string ?? stated.excerpt
  }
}
