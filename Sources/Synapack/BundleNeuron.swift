internal import SynapackBundle
internal import SynapackProgram
internal import SynapackSupport

/// What a bundle's recipe tells of its program that the program itself does not.
extension Bundle {
  /// The neuron that the recipe names.
  var neuron: String { named("neuron") ?? "if" }

  /// What the payloads of the program are sent as.
  var coding: PayloadCoding { Neuron(neuron)?.coding ?? .whole }

  private func named(_ key: String) -> String? {
    guard case .string(let name)? = JSON(parsing: recipe)?.member(key) else { return nil }
    return name
  }
}
