internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A node as its lowering sees it: checked access to inputs and attributes.
struct ONNXNodeContext {
  let node: ONNXNode
  /// The node's name, unique in the graph.
  let name: String
  /// The value of each input; `nil` for one left out.
  let inputs: [ONNXValue?]
  let opset: Int

  // MARK: - Inputs

  func value(_ index: Int) throws(PackError) -> ONNXValue {
    guard inputs.indices.contains(index), let value = inputs[index] else {
      throw PackError(
        .malformedGraph, "\(node.operatorName) lacks its input \(index)",
        hint: "export the model again")
    }
    if case .unavailable = value {
      throw unsupported(
        "reads `\(node.inputs[index])`, a further output that is not computed",
        hint: "export the model without the second output of that node")
    }
    return value
  }

  func has(_ index: Int) -> Bool {
    inputs.indices.contains(index) && inputs[index] != nil
  }

  /// The input as an activation; a constant becomes a node of its own.
  func activation(
    _ index: Int, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    if case .activation(let activation) = try value(index) { return activation }
    return try builder.constant(try constant(index))
  }

  /// Whether the input is known at import.
  func isKnown(_ index: Int) throws(PackError) -> Bool { try !value(index).isActivation }

  /// All inputs as activations.
  func activations(_ builder: inout ONNXGraphBuilder) throws(PackError) -> [ONNXActivation] {
    var activations: [ONNXActivation] = []
    for index in inputs.indices { activations.append(try activation(index, &builder)) }
    return activations
  }

  func constant(_ index: Int) throws(PackError) -> ONNXConstant {
    switch try value(index) {
    case .constant(let constant): return constant
    case .integers(let integers):
      guard let known = integers.known else { break }
      let tensor = try Tensor(shape: Shape(integers.dimensions), integers: known)
      return ONNXConstant(name: name, tensor: tensor)
    case .activation, .sampleIndices, .outputs, .unavailable: break
    }
    throw PackError(
      .missingWeight, "its input \(index), `\(node.inputs[index])`, is not constant",
      hint: "export the model with its weights as constants")
  }

  func integers(_ index: Int) throws(PackError) -> SymbolicIntegers {
    switch try value(index) {
    case .integers(let integers): return integers
    case .constant(let constant):
      if let integers = try SymbolicIntegers(constant.tensor) { return integers }
    case .activation, .sampleIndices, .outputs, .unavailable: break
    }
    throw unsupported(
      "its input \(index), `\(node.inputs[index])`, is no short list of known integers",
      hint: "export the model with fixed sizes; only the batch may vary")
  }

  /// Integers that do not depend on the batch.
  func knownIntegers(_ index: Int) throws(PackError) -> [Int64] {
    guard let known = try integers(index).known else {
      throw unsupported(
        "its input \(index) depends on the size of the batch",
        hint: "export the model with fixed sizes; only the batch may vary")
    }
    return known
  }

  /// A constant single number; `nil` where the input is left out.
  func scalar(_ index: Int) throws(PackError) -> Float? {
    guard has(index) else { return nil }
    let constant = try constant(index)
    let values = constant.tensor.floats(in: 0..<2)
    guard constant.tensor.shape.count == 1, let value = values.first else {
      throw unsupported(
        "`\(constant.name)` has \(constant.tensor.shape.count) elements, one was expected",
        hint: "check this layer in the source model")
    }
    guard !value.isNaN else {
      throw PackError(
        .notFinite, "the value is not a number", at: .tensor(constant.name),
        hint: "find where the value comes from; retrain or clean the data")
    }
    return value
  }

  /// Whether every input that is there holds integers or truth values known at import.
  var readsIntegersOnly: Bool {
    inputs.allSatisfy { input in
      switch input {
      case .integers, nil: true
      case .constant(let constant):
        !constant.tensor.type.isFloatingPoint && constant.tensor.quantization == nil
          && constant.tensor.shape.count <= SymbolicIntegers.largestCount
      case .activation, .sampleIndices, .outputs, .unavailable: false
      }
    }
  }

  // MARK: - Attributes

  private func attribute(_ name: String) -> ONNXAttribute.Value? {
    node.attributes.first { $0.name == name }?.value
  }

  func has(attribute name: String) -> Bool { attribute(name) != nil }

  func integer(_ name: String, default standard: Int64) throws(PackError) -> Int64 {
    switch attribute(name) {
    case nil: return standard
    case .integer(let value): return value
    case .some: throw wrongKind(name, "an integer")
    }
  }

  func flag(_ name: String, default standard: Bool = false) throws(PackError) -> Bool {
    switch try integer(name, default: standard ? 1 : 0) {
    case 0: return false
    case 1: return true
    case let value:
      throw unsupported("\(name) is \(value)", hint: "it must be 0 or 1")
    }
  }

  func float(_ name: String, default standard: Float) throws(PackError) -> Float {
    switch attribute(name) {
    case nil: return standard
    case .float(let value) where !value.isNaN: return value
    case .some: throw wrongKind(name, "a number")
    }
  }

  func string(_ name: String, default standard: String) throws(PackError) -> String {
    switch attribute(name) {
    case nil: return standard
    case .string(let value): return value
    case .some: throw wrongKind(name, "a text")
    }
  }

  func integers(_ name: String) throws(PackError) -> [Int64]? {
    switch attribute(name) {
    case nil: return nil
    case .integers(let values) where values.count <= 4096: return values
    case .some: throw wrongKind(name, "a short list of integers")
    }
  }

  func floats(_ name: String) throws(PackError) -> [Float]? {
    switch attribute(name) {
    case nil: return nil
    case .floats(let values): return values
    case .some: throw wrongKind(name, "a list of numbers")
    }
  }

  func graph(_ name: String) throws(PackError) -> ONNXGraph {
    switch attribute(name) {
    case .graph(let graph): return graph
    default: throw wrongKind(name, "a graph")
    }
  }

  /// An attribute that names an axis of a value of that rank.
  func axis(_ name: String, default standard: Int64, rank: Int) throws(PackError) -> Int {
    let stated = try integer(name, default: standard)
    guard let axis = normalized(axis: stated, rank: rank) else {
      throw wrongShape("the axis \(stated) does not fit \(rank) axes")
    }
    return axis
  }

  private func wrongKind(_ name: String, _ expected: String) -> PackError {
    unsupported("the attribute \(name) is not \(expected)", hint: "export the model again")
  }

  // MARK: - Refusals

  func unsupported(_ message: String, hint: String) -> PackError {
    PackError(.unsupportedAttribute, "\(node.operatorName): \(message)", hint: hint)
  }

  func wrongShape(_ message: String) -> PackError {
    PackError(
      .wrongShape, "\(node.operatorName): \(message)",
      hint: "check this layer in the source model")
  }
}

/// `axes` counted from the front; `nil` where one is out of range or stands twice.
func normalized(axes: [Int64], rank: Int) -> [Int]? {
  let places = axes.compactMap { normalized(axis: $0, rank: rank) }
  guard places.count == axes.count, Set(places).count == axes.count else { return nil }
  return places
}

/// `axis` counted from the front, `nil` where it is out of range.
func normalized(axis: Int64, rank: Int) -> Int? {
  guard let axis = Int(exactly: axis), axis >= -rank, axis < rank else { return nil }
  return axis < 0 ? axis + rank : axis
}
