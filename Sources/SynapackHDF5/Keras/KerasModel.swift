internal import SynapackSupport

/// A value between layers: which call of which layer made it.
struct KerasReference: Hashable, Sendable {
  let layer: String
  /// The number of the call among those of the layer.
  let node: Int
  let tensor: Int
}

/// A layer as the configuration describes it.
struct KerasLayer: Sendable {
  let config: KerasConfig
  let name: String
  /// The model inside, where the layer is one.
  let model: KerasModel?
  /// What each call of the layer reads; empty for inputs.
  let calls: [[KerasReference]]
  let place: KerasVariablePlace

  var className: String { config.className }
}

/// Where the variables of a layer stand in either form of file.
struct KerasVariablePlace: Sendable, Hashable {
  /// The outermost layer: the group of the older form.
  let group: String
  /// The layer's own name.
  let name: String
  /// Whether the layer lies in a model inside the model.
  let isNested: Bool
  /// The path of the newer form, e.g. `layers/sequential/layers/dense_1`.
  let path: String
}

/// A model: layers, and how they hang together.
struct KerasModel: Sendable {
  let name: String
  let isSequential: Bool
  let layers: [KerasLayer]
  let inputs: [KerasReference]
  let outputs: [KerasReference]
  /// The shape with the batch that a model without an input layer was built for.
  let builtShape: JSON?
}
