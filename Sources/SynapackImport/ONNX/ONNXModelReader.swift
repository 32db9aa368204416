internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// From a decoded model to a graph: checks first, in the order that serves the user, then the
/// nodes one by one.
struct ONNXModelReader {
  private let model: ONNXModel
  private let digest: Digest
  private let opset: Int
  /// The nodes that the output depends on, as indices in file order.
  private let liveNodes: [Int]

  /// - Throws: `SYN0205` for an operator set that is not read.
  init(model: ONNXModel, digest: Digest) throws(PackError) {
    self.model = model
    self.digest = digest
    opset = try ONNXModelReader.opset(model)
    liveNodes = model.graph.liveNodes()
  }

  func graph(_ file: MappedFile) throws(PackError) -> Graph<Analog> {
    // All operators that are missing, before anything else can go wrong.
    try ONNXOperatorCheck(graph: model.graph, liveNodes: liveNodes, opset: opset).check()
    try model.graph.checkNames()
    let interface = try ONNXInterface(model.graph)
    var decoder = TensorDecoder(file: file)
    var values: [String: ONNXValue] = [:]
    for initializer in model.graph.initializers {
      let tensor = try decoder.decode(initializer)
      values[initializer.name] = .constant(ONNXConstant(name: initializer.name, tensor: tensor))
    }
    let origin = Origin(
      format: ONNXImporter.format.id, digest: digest, producer: model.producer,
      version: "opset \(opset)")
    var builder = ONNXGraphBuilder(
      origin: origin, fixedBatch: interface.fixedBatch, useCounts: useCounts(), decoder: decoder)
    let input = try builder.addInput(interface.inputName, interface.sample)
    values[interface.inputName] = .wire(input)
    for index in liveNodes {
      try lower(model.graph.nodes[index], index, &values, &builder)
    }
    return try finish(interface.outputName, values, &builder)
  }

  /// The version of the standard operators.
  private static func opset(_ model: ONNXModel) throws(PackError) -> Int {
    let versions = model.opsets.filter { $0.domain == "" || $0.domain == "ai.onnx" }
    guard let version = versions.first?.version, versions.count == 1 else {
      throw PackError(
        .unsupportedVersion,
        "the file states \(versions.count) versions of the standard operators, not one",
        hint: "export the model again")
    }
    guard let opset = Int(exactly: version), ONNXOpsets.supported.contains(opset) else {
      throw PackError(
        .unsupportedVersion,
        "the operator set is \(version); \(ONNXOpsets.supported.lowerBound) to "
          + "\(ONNXOpsets.newest) are read",
        hint: "export the model with opset 17")
    }
    return opset
  }

  private func useCounts() -> [String: Int] {
    var counts: [String: Int] = [:]
    for index in liveNodes {
      for input in model.graph.nodes[index].inputs { counts[input, default: 0] += 1 }
    }
    for output in model.graph.outputs { counts[output.name, default: 0] += 1 }
    return counts
  }

  private func lower(
    _ node: ONNXNode, _ index: Int, _ values: inout [String: ONNXValue],
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) {
    let title = node.title(index)
    guard let lowering = onnxLowerings[node.operatorName] else {
      throw PackError(.defect, "\(title) slipped past the check", hint: "please report this model")
    }
    let inputs = node.inputs.map { $0.isEmpty ? nil : values[$0] }
    let reads = inputs.contains { if case .wire = $0 { true } else { false } }
    let result = try within(.node(title)) { () throws(PackError) -> ONNXValue in
      try checkInputs(node, lowering)
      try checkAttributes(node, lowering)
      let context = ONNXNodeContext(
        node: node, name: builder.uniqueName(title), inputs: inputs, opset: opset)
      guard let body = reads ? lowering.activations : lowering.constants else {
        throw context.unsupported(
          "it has \(reads ? "an activation" : "only constants") as input",
          hint: "fold the constants of the model before export")
      }
      return try body(context, &builder)
    }
    for (position, output) in node.outputs.enumerated() where !output.isEmpty {
      values[output] = position == 0 ? result : .unavailable
    }
  }

  private func checkInputs(_ node: ONNXNode, _ lowering: ONNXLowering) throws(PackError) {
    guard lowering.inputs.range(opset).contains(node.inputs.count) else {
      throw PackError(
        .malformedGraph,
        "\(node.operatorName) has \(node.inputs.count) inputs, which it cannot have in opset "
          + "\(opset)",
        hint: "export the model again; check it with the format's own checker")
    }
  }

  private func checkAttributes(
    _ node: ONNXNode, _ lowering: ONNXLowering
  ) throws(PackError) {
    var seen: Set<String> = []
    for attribute in node.attributes {
      guard lowering.attributes.contains(attribute.name) else {
        throw PackError(
          .unsupportedAttribute, "\(node.operatorName) has the attribute `\(attribute.name)`",
          hint: "export the model without it")
      }
      if let last = lowering.retired[attribute.name], opset > last {
        throw PackError(
          .unsupportedAttribute,
          "\(node.operatorName) has the attribute `\(attribute.name)`, which ended with opset "
            + "\(last)",
          hint: "export the model again")
      }
      guard seen.insert(attribute.name).inserted else {
        throw PackError(
          .malformedGraph, "the attribute `\(attribute.name)` stands twice",
          hint: "export the model again")
      }
    }
  }

  private func finish(
    _ output: String, _ values: [String: ONNXValue], _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> Graph<Analog> {
    guard case .wire(let wire) = values[output] else {
      throw PackError(
        .unsupportedInterface, "the output `\(output)` does not depend on the input's values",
        hint: "cut the model to one input and one output before export")
    }
    builder.setOutput(wire)
    for node in builder.draft.nodes {
      if case .softmax = node.op, node.output != wire {
        throw PackError(
          .unsupportedAttribute, "Softmax stands before the end of the model",
          at: .node(node.name), hint: "only a softmax as the last layer is supported")
      }
    }
    return try Graph<Analog>(verifying: builder.draft)
  }
}

extension ONNXNode {
  /// The node's name, or one made from its place where the file gives none.
  func title(_ index: Int) -> String {
    name.isEmpty ? "\(operatorName)_\(index)" : name
  }
}
