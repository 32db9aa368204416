internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The graph that the layers grow, with what they share: names, weights and limits.
struct KerasGraphBuilder {
  private(set) var draft: GraphDraft
  /// The first number of Keras' version: some functions changed with it.
  let majorVersion: Int
  /// Whether values of two axes are lines with channels, as one-dimensional layers take them.
  let hasLines: Bool
  private(set) var weights: KerasWeights
  private var names = UniqueNames()
  private var weightNames = UniqueNames()
  /// Variables of layers that were called before.
  private var variables: [KerasVariablePlace: [KerasVariable]] = [:]
  /// The names of weights that were stored before, by variable and by what was done to it.
  private var stored: [String: String] = [:]
  private var derivedByteCount = 0
  private let budget: Int
  /// Whether the values of weights matter, or only their shapes.
  private let readsWeights: Bool

  init(
    origin: Origin, majorVersion: Int, hasLines: Bool, weights: KerasWeights, fileBytes: Int,
    readsWeights: Bool
  ) {
    self.readsWeights = readsWeights
    draft = GraphDraft(origin: origin)
    self.majorVersion = majorVersion
    self.hasLines = hasLines
    self.weights = weights
    budget = (fileBytes.times(64) ?? .max).adding(64 << 20) ?? .max
  }

  // MARK: - Nodes

  /// Elements of one sample on one wire, and nodes; no chip and no test needs more.
  private static let largestWire = 1 << 26
  private static let largestNodeCount = 1 << 17

  mutating func addInput(_ name: String, _ shape: [Int]) throws(PackError) -> KerasTensor {
    let isPlane = shape.count > 2 || shape.count == 2 && hasLines
    let extents = isPlane ? [shape[shape.count - 1]] + shape.dropLast() : shape
    let wire = draft.addWire(uniqueName(name), try Shape(extents))
    try checkSize(wire)
    draft.inputs.append(wire)
    return KerasTensor(wire: wire, shape: shape, layout: isPlane ? .channelsFirst : .rowMajor)
  }

  mutating func addOutput(_ value: KerasTensor, name: String) throws(PackError) {
    let isPlane = value.shape.count > 2 || value.shape.count == 2 && hasLines
    let wire = isPlane ? try channelsFirst(value, name: name) : try rowMajor(value, name: name)
    draft.outputs.append(wire.wire)
  }

  func shape(_ wire: WireID) -> Shape { draft.wires[wire.index].shape }

  mutating func uniqueName(_ base: String) -> String { names.take(base) }

  /// Adds a node; its name is made unique.
  mutating func add(_ name: String, _ op: Op, _ inputs: [WireID]) throws(PackError) -> WireID {
    guard draft.nodes.count < KerasGraphBuilder.largestNodeCount else {
      throw PackError(
        .modelTooLarge, "the model has more than 2¹⁷ nodes once its inner models are laid out",
        hint: "do not trust this file")
    }
    let wire = try draft.addNode(uniqueName(name), op, inputs)
    try checkSize(wire)
    return wire
  }

  private func checkSize(_ wire: WireID) throws(PackError) {
    let shape = shape(wire)
    guard shape.count > 0 else {
      throw PackError(
        .wrongShape, "a value of the shape \(shape) is empty",
        hint: "check this layer in the source model")
    }
    guard shape.count <= KerasGraphBuilder.largestWire else {
      throw PackError(
        .modelTooLarge, "a value of the shape \(shape) has more than 2²⁶ elements",
        hint: "check the input size of the source model")
    }
  }

  // MARK: - Weights

  /// The variables of a layer by name.
  mutating func variables(
    _ layer: KerasLayer, _ expected: [String]
  ) throws(PackError) -> [String: KerasVariable] {
    if variables[layer.place] == nil {
      let tensors = try weights.variables(layer.place, expected)
      var list: [KerasVariable] = []
      for (name, tensor) in zip(expected, tensors) {
        let key = layer.place.isNested ? layer.place.path + "/" + name : layer.name + "/" + name
        // What an adapted layer has counted is a whole number, and no weight.
        if name != "count" { try checkFinite(tensor, key) }
        list.append(
          KerasVariable(
            name: name, identity: layer.place.path + "/" + name, key: key, tensor: tensor))
      }
      variables[layer.place] = list
    }
    let pairs = (variables[layer.place] ?? []).map { ($0.name, $0) }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  private func checkFinite(_ tensor: Tensor, _ name: String) throws(PackError) {
    guard tensor.type.isFloatingPoint else {
      throw PackError(
        .malformedTensor, "weights are floating-point numbers, not \(tensor.type.rawValue)",
        at: .tensor(name), hint: "save the model with float32 weights")
    }
    guard readsWeights, let index = tensor.firstNonFinite() else { return }
    let value = tensor.floats(in: index..<index + 1).first ?? .nan
    throw PackError(
      .notFinite, "element \(index) of \(tensor.shape) is \(value)",
      at: .tensor(name), hint: "find where the value comes from; retrain or clean the data")
  }

  /// Stores a variable as it is and returns its name in the weight store.
  mutating func store(_ variable: KerasVariable) -> String {
    if let name = stored[variable.identity] { return name }
    let name = weightNames.take(variable.key)
    draft.weights[name] = variable.tensor
    stored[variable.identity] = name
    return name
  }

  /// Stores what `values` computes from a variable; the same form is computed and stored once.
  mutating func store(
    _ variable: KerasVariable, form: String, _ shape: [Int],
    _ values: ([Float]) -> [Float]
  ) throws(PackError) -> String {
    let key = variable.identity + " " + form
    if let name = stored[key] { return name }
    try reserve(elements: variable.tensor.shape.count)
    let tensor = try Tensor(shape: Shape(shape), floats: values(variable.tensor.floats()))
    // The first form takes the variable's own name; others are rare and numbered.
    let name = weightNames.take(variable.key)
    draft.weights[name] = tensor
    stored[key] = name
    return name
  }

  /// Stores values that stand in the configuration.
  mutating func store(_ name: String, _ shape: [Int], _ values: [Float]) throws(PackError) -> String
  {
    try reserve(elements: values.count)
    guard values.allSatisfy(\.isFinite) else {
      throw PackError(
        .notFinite, "a value of the configuration is not finite", at: .tensor(name),
        hint: "check this layer in the source model")
    }
    let name = weightNames.take(name)
    draft.weights[name] = try Tensor(shape: Shape(shape), floats: values)
    return name
  }

  /// Announces that new values are about to be made.
  ///
  /// - Throws: `SYN0203` where they add up to far more than the file holds.
  mutating func reserve(elements: Int) throws(PackError) {
    derivedByteCount = derivedByteCount.adding(elements.times(4) ?? .max) ?? .max
    guard derivedByteCount <= budget else {
      throw PackError(
        .modelTooLarge,
        "the weights add up to \(derivedByteCount) bytes, far more than the file holds",
        hint: "do not trust this file")
    }
  }
}

/// A variable of a layer, with the name that it gets in the weight store.
struct KerasVariable: Sendable {
  let name: String
  /// What no other variable of the model has.
  let identity: String
  let key: String
  let tensor: Tensor
}
