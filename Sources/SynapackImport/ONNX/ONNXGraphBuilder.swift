internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The graph that the lowerings grow, with what they share: names, weights and limits.
struct ONNXGraphBuilder {
  private(set) var draft: GraphDraft
  let batch: ONNXBatch
  /// Whether weights are checked to be finite, which reads all of them.
  private let readsWeights: Bool
  /// How often each ONNX value is read, the graph's outputs counted.
  let useCounts: [String: Int]
  private var decoder: TensorDecoder
  private var names = UniqueNames()
  private var weightNames = UniqueNames()
  /// The name in the weight store of each constant in each form that nodes asked for.
  private var stored: [StoredForm: String] = [:]
  /// Constants of the file whose elements were looked at.
  private var checked: Set<CheckedConstant> = []
  private var weightByteCount = 0
  private var derivedByteCount = 0
  /// Additions and multiplications that constants were computed with.
  private var stepCount = 0
  /// Linear layers that may still take a bias: the place of the node, by its ONNX output.
  private var biasless: [String: Int] = [:]

  init(
    origin: Origin, batch: ONNXBatch, useCounts: [String: Int], decoder: TensorDecoder,
    readsWeights: Bool = true
  ) {
    self.readsWeights = readsWeights
    draft = GraphDraft(origin: origin)
    self.batch = batch
    self.useCounts = useCounts
    self.decoder = decoder
  }

  // MARK: - Nodes

  /// Elements of one sample on one wire; no chip and no test needs more.
  private static let largestWire = 1 << 26

  mutating func addInput(_ input: ONNXInterface.Input) throws(PackError) -> ONNXActivation {
    let place: BatchPlace = batch == .none ? .absent : .alone(0)
    let sample = batch == .none ? input.dimensions : Array(input.dimensions.dropFirst())
    let wire = draft.addWire(input.name, try Shape(sample))
    try checkSize(wire)
    draft.inputs.append(wire)
    return ONNXActivation(wire: wire, dimensions: input.dimensions, batch: place)
  }

  /// Ends the graph with these wires, under the names that the file gives its outputs.
  ///
  /// A wire that is an input, or an output already, gets a node that only passes it on.
  mutating func setOutputs(_ outputs: [(name: String, wire: WireID)]) throws(PackError) {
    var taken = Set(draft.inputs)
    for (name, wire) in outputs {
      var wire = wire
      if !taken.insert(wire).inserted {
        wire = try add(uniqueName(name), .reshape(Reshape(shape: shape(wire))), [wire])
        taken.insert(wire)
      }
      draft.wires[wire.index].name = name
      draft.outputs.append(wire)
    }
  }

  /// A builder for computing constants with the same files, names apart.
  func scratch() -> ONNXGraphBuilder {
    var builder = ONNXGraphBuilder(
      origin: draft.origin, batch: .none, useCounts: [:], decoder: decoder,
      readsWeights: readsWeights)
    builder.derivedByteCount = derivedByteCount
    return builder
  }

  /// Takes over what a scratch builder spent.
  mutating func account(for scratch: ONNXGraphBuilder) {
    derivedByteCount = scratch.derivedByteCount
  }

  func shape(_ wire: WireID) -> Shape { draft.wires[wire.index].shape }

  mutating func uniqueName(_ base: String) -> String { names.take(base) }

  /// Adds a node under a name that must be unique; see ``uniqueName(_:)``.
  mutating func add(_ name: String, _ op: Op, _ inputs: [WireID]) throws(PackError) -> WireID {
    let wire = try draft.addNode(name, op, inputs)
    try checkSize(wire)
    return wire
  }

  /// Adds a reshape unless the shape is the same already.
  mutating func reshape(
    _ wire: WireID, to shape: Shape, name: String
  ) throws(PackError) -> WireID {
    guard self.shape(wire) != shape else { return wire }
    return try add(name, .reshape(Reshape(shape: shape)), [wire])
  }

  private func checkSize(_ wire: WireID) throws(PackError) {
    let shape = shape(wire)
    guard shape.count > 0 else {
      throw PackError(
        .wrongShape, "a value of the shape \(shape) is empty",
        hint: "check this layer in the source model")
    }
    guard shape.count <= ONNXGraphBuilder.largestWire else {
      throw PackError(
        .modelTooLarge, "a value of the shape \(shape) has more than 2²⁶ elements",
        hint: "check the input size of the source model")
    }
  }

  // MARK: - Weights

  /// A tensor that a node carries in an attribute.
  mutating func decode(_ tensor: ONNXTensor) throws(PackError) -> Tensor {
    try decoder.decode(tensor)
  }

  /// Lends what decodes tensors, so that further ones can be defined.
  mutating func withDecoder(
    _ body: (inout TensorDecoder) throws(PackError) -> Void
  ) throws(PackError) {
    try body(&decoder)
  }

  /// Stores a constant as it is in the file and returns its name in the weight store.
  ///
  /// - Parameter values: what its elements may be.
  /// - Throws: `SYN0014` where one is not, `SYN0207` where it holds no numbers of a float type.
  mutating func weight(
    _ constant: ONNXConstant, as shape: Shape? = nil, values: ONNXConstant.Values = .finite
  ) throws(PackError) -> String {
    // A mask that a layer uses as its weight too is looked at again, as a weight.
    let form = (shape.map { "read as \($0)" } ?? "") + (values == .finite ? "" : " in the graph")
    let key = StoredForm(constant: constant.name, form: form)
    if let name = stored[key] { return name }
    try check(constant, values)
    let tensor = try shape.map { (shape) throws(PackError) in
      try constant.tensor.reshaped(shape)
    }
    let name = weightNames.take(constant.name)
    draft.weights[name] = tensor ?? constant.tensor
    stored[key] = name
    return name
  }

  /// Stores what `values` computes from constants and returns its name in the weight store.
  ///
  /// - Parameter form: what was done to the constant; the same constant in the same form is
  ///   computed and stored once.
  mutating func derivedWeight(
    _ constant: ONNXConstant, form: String, _ shape: Shape,
    _ values: (inout ONNXGraphBuilder) throws(PackError) -> [Float]
  ) throws(PackError) -> String {
    let key = StoredForm(constant: constant.name, form: form)
    if let name = stored[key] { return name }
    try reserve(elements: shape.count)
    let tensor = try Tensor(shape: shape, floats: values(&self))
    let name = weightNames.take(constant.name)
    // Checked again: a factor may have driven a finite weight out of range.
    try checkFiniteElements(tensor, name)
    draft.weights[name] = tensor
    stored[key] = name
    return name
  }

  /// Stores a tensor that is no weight of the file, under a name that must be unique.
  mutating func store(_ name: String, _ tensor: Tensor) {
    draft.weights[name] = tensor
  }

  /// The float values of a constant that a node uses, checked to be finite.
  mutating func floats(
    _ constant: ONNXConstant, values: ONNXConstant.Values = .finite
  ) throws(PackError) -> [Float] {
    try check(constant, values)
    try reserve(elements: constant.tensor.shape.count)
    return constant.tensor.floats()
  }

  /// Announces that new values are about to be computed from constants.
  ///
  /// A file may name one weight in very many nodes; each use that copies is counted.
  ///
  /// - Throws: `SYN0203` where they add up to far more than the files hold.
  mutating func reserve(elements: Int) throws(PackError) {
    derivedByteCount = derivedByteCount.adding(elements.times(4) ?? .max) ?? .max
    try checkBudget(derivedByteCount)
  }

  /// Announces the steps of a computation with constants.
  ///
  /// - Returns: whether all of them together still stand in proportion to the files. A second's
  ///   worth is free, and a product of square matrices takes fewer a byte than are granted.
  mutating func spend(steps: Int) -> Bool {
    stepCount = stepCount.adding(steps) ?? .max
    let limit = (decoder.mappedByteCount.times(1 << 10) ?? .max).adding(1 << 27) ?? .max
    return stepCount <= limit
  }

  private func checkBudget(_ byteCount: Int) throws(PackError) {
    let limit = (decoder.mappedByteCount.times(16) ?? .max).adding(64 << 20) ?? .max
    guard byteCount <= limit else {
      throw PackError(
        .modelTooLarge, "the weights add up to \(byteCount) bytes, far more than the file holds",
        hint: "do not trust this file")
    }
  }

  private mutating func check(
    _ constant: ONNXConstant, _ values: ONNXConstant.Values
  ) throws(PackError) {
    let tensor = constant.tensor
    guard tensor.type.isFloatingPoint || tensor.quantization != nil else {
      throw PackError(
        .malformedTensor, "weights are floating-point numbers, not \(tensor.type.rawValue)",
        at: .tensor(constant.name), hint: "export the model with float32 weights")
    }
    guard checked.insert(CheckedConstant(name: constant.name, values: values)).inserted else {
      return
    }
    weightByteCount = weightByteCount.adding(tensor.byteCount) ?? .max
    try checkBudget(weightByteCount)
    guard readsWeights else { return }
    switch values {
    case .finite: try checkFiniteElements(tensor, constant.name)
    case .numbers: try checkNumbers(tensor, constant.name)
    }
  }

  // MARK: - Bias of a linear layer

  /// Notes that the last node is a linear layer without a bias, known to ONNX as `output`.
  mutating func noteBiasless(_ output: String) {
    biasless[output] = draft.nodes.count - 1
  }

  /// Gives the linear layer behind `output` a bias; `false` where there is none such, or where
  /// something else reads it too.
  mutating func foldBias(_ output: String, _ bias: ONNXConstant) throws(PackError) -> Bool {
    guard let index = biasless[output], useCounts[output] == 1,
      case .linear(var linear) = draft.nodes[index].op
    else { return false }
    let width = shape(draft.nodes[index].output).dimensions.last ?? 1
    linear.bias = try featureWeight(bias, width)
    draft.nodes[index].op = .linear(linear)
    biasless[output] = nil
    return true
  }

  /// A constant of `width` elements or one, whatever its shape, as a stored vector.
  mutating func featureWeight(
    _ constant: ONNXConstant, _ width: Int, factor: Float = 1
  ) throws(PackError) -> String {
    let shape = try Shape([width])
    if factor == 1, constant.tensor.shape.count == width {
      return try constant.tensor.shape == shape ? weight(constant) : weight(constant, as: shape)
    }
    let count = constant.tensor.shape.count
    guard count == width || count == 1 else {
      throw PackError(
        .wrongShape, "`\(constant.name)` has \(count) elements, \(width) were expected",
        hint: "check this layer in the source model")
    }
    return try derivedWeight(constant, form: "· \(factor) × \(width)", shape) {
      (builder) throws(PackError) in
      let values = try builder.floats(constant)
      return (0..<width).map { factor * values[count == 1 ? 0 : $0] }
    }
  }
}

/// A constant of the file, by its ONNX name, and what its elements were found to be.
private struct CheckedConstant: Hashable {
  let name: String
  let values: ONNXConstant.Values
}

/// A constant of the file and what was done to it.
private struct StoredForm: Hashable {
  let constant: String
  /// Empty for the constant as it is.
  let form: String
}
