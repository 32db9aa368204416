internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The spiking graph that the nodes grow.
struct NIRGraphBuilder {
  private(set) var draft: GraphDraft
  let reading: NIRReading
  private var names = UniqueNames()
  private var weightNames = UniqueNames()
  private var derivedByteCount = 0
  private let budget: Int

  /// Elements of one sample on one wire.
  private static let largestWire = 1 << 26

  init(origin: Origin, reading: NIRReading, fileBytes: Int) {
    draft = GraphDraft(origin: origin)
    self.reading = reading
    budget = (fileBytes.times(64) ?? .max).adding(64 << 20) ?? .max
  }

  func shape(_ wire: WireID) -> Shape { draft.wires[wire.index].shape }

  mutating func addInput(_ name: String, _ shape: Shape) throws(PackError) -> WireID {
    guard shape.count <= NIRGraphBuilder.largestWire else {
      throw PackError(
        .modelTooLarge, "an input of the shape \(shape) has more than 2²⁶ elements",
        hint: "check the input size of the network")
    }
    let wire = draft.addWire(names.take(name), shape)
    draft.inputs.append(wire)
    return wire
  }

  mutating func addOutput(_ wire: WireID) {
    draft.outputs.append(wire)
  }

  /// Adds a node; its name is made unique.
  mutating func add(_ name: String, _ op: Op, _ inputs: [WireID]) throws(PackError) -> WireID {
    let wire = try draft.addNode(names.take(name), op, inputs)
    guard shape(wire).count <= NIRGraphBuilder.largestWire else {
      throw PackError(
        .modelTooLarge, "a value of the shape \(shape(wire)) has more than 2²⁶ elements",
        hint: "check the input size of the network")
    }
    return wire
  }

  /// Stores a tensor of the file as it is.
  ///
  /// - Throws: `SYN0014` where it is not finite.
  mutating func store(_ name: String, _ tensor: Tensor) throws(PackError) -> String {
    if tensor.type.isFloatingPoint, let index = tensor.firstNonFinite() {
      let value = tensor.floats(in: index..<index + 1).first ?? .nan
      throw PackError(
        .notFinite, "element \(index) of \(tensor.shape) is \(value)", at: .tensor(name),
        hint: "find where the value comes from; retrain or clean the data")
    }
    let name = weightNames.take(name)
    draft.weights[name] = tensor
    return name
  }

  /// Stores values that were computed from those of the file.
  mutating func store(_ name: String, _ values: [Float]) throws(PackError) -> String {
    derivedByteCount = derivedByteCount.adding(values.count.times(4) ?? .max) ?? .max
    guard derivedByteCount <= budget else {
      throw PackError(
        .modelTooLarge,
        "the parameters add up to \(derivedByteCount) bytes, far more than the file holds",
        hint: "do not trust this file")
    }
    return try store(name, Tensor(shape: Shape([values.count]), floats: values))
  }

  /// Stores one value a neuron of `shape` in as few numbers as that takes: one a channel where
  /// all neurons of each agree.
  mutating func storeParameter(
    _ name: String, _ values: [Float], _ shape: Shape
  ) throws(PackError) -> String {
    let channels = max(1, shape.dimensions.first ?? 1)
    if values.count == 1 {
      return try store(name, Array(repeating: values[0], count: channels))
    }
    let plane = max(1, values.count / channels)
    let isUniform = values.indices.allSatisfy { values[$0] == values[$0 / plane * plane] }
    return try store(
      name, isUniform ? stride(from: 0, to: values.count, by: plane).map { values[$0] } : values)
  }
}
