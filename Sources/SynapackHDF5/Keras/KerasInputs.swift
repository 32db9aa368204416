internal import SynapackSupport

/// The inputs of a model: their names and shapes without the batch.
enum KerasInputs {
  /// - Throws: `SYN0212` where a size other than the batch is not known; `SYN0213` where the input
  ///   is no plain array.
  static func of(_ model: KerasModel) throws(PackError) -> [(name: String, shape: [Int])] {
    if model.isSequential {
      let first = model.layers.first
      let stated =
        first.flatMap { $0.config["batch_shape"] ?? $0.config["batch_input_shape"] }
        ?? innerShape(first?.model) ?? model.builtShape
      if let first, first.className == "InputLayer" { try check(first) }
      return [(first?.name ?? "input", try shape(stated, first?.name ?? model.name))]
    }
    var inputs: [(name: String, shape: [Int])] = []
    for reference in model.inputs {
      guard let layer = model.layers.first(where: { $0.name == reference.layer }),
        layer.className == "InputLayer"
      else { throw KerasModelReader.malformed("the input `\(reference.layer)` is no input layer") }
      try check(layer)
      let stated = layer.config["batch_shape"] ?? layer.config["batch_input_shape"]
      inputs.append((layer.name, try shape(stated, layer.name)))
    }
    guard !inputs.isEmpty, inputs.count <= 1024 else {
      throw PackError(
        .unsupportedInterface, "the model has \(inputs.count) inputs",
        hint: "save a model with inputs")
    }
    return inputs
  }

  /// The shape that a model at the beginning of a Sequential model states.
  private static func innerShape(_ model: KerasModel?) -> JSON? {
    guard let model else { return nil }
    let input = model.layers.first { $0.className == "InputLayer" } ?? model.layers.first
    return input.flatMap { $0.config["batch_shape"] ?? $0.config["batch_input_shape"] }
      ?? model.builtShape
  }

  private static func check(_ layer: KerasLayer) throws(PackError) {
    let known: Set<String> = [
      "batch_shape", "batch_input_shape", "dtype", "name", "sparse", "ragged", "optional",
      "trainable", "type_spec", "input_tensor",
    ]
    for key in layer.config.values.keys.sorted() {
      guard let value = layer.config[key] else { continue }
      let isOff = value == .bool(false)
      guard known.contains(key), isOff || !["sparse", "ragged", "optional"].contains(key) else {
        throw PackError(
          .unsupportedInterface, "the input has `\(key)` = \(value.excerpt)",
          at: .layer(layer.name), hint: "give the model plain arrays")
      }
    }
  }

  private static func shape(_ stated: JSON?, _ name: String) throws(PackError) -> [Int] {
    guard let items = stated?.list, (2...6).contains(items.count) else {
      throw PackError(
        .unknownShape, "the model states no input shape with a batch and at least one axis",
        at: .layer(name), hint: "build the model with an input layer before saving it")
    }
    var shape: [Int] = []
    for item in items.dropFirst() {
      guard let extent = item.whole, (1...(1 << 26)).contains(extent) else {
        throw PackError(
          .unknownShape, "the input shape is \((stated ?? .null).excerpt)", at: .layer(name),
          hint: "build the model with a fixed input size; only the batch may vary")
      }
      shape.append(extent)
    }
    guard let count = shape.checkedProduct(), count <= 1 << 26 else {
      throw PackError(
        .modelTooLarge, "an input of the shape \(shape) has more than 2²⁶ elements",
        at: .layer(name), hint: "check the input size of the source model")
    }
    return shape
  }
}
