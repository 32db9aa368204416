internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// From a decoded model to a graph: checks first, in the order that serves the user, then the
/// nodes one by one.
struct ONNXModelReader {
  private let model: ONNXModel
  private let digest: Digest
  private let opset: Int
  /// The model's graph with its local functions unfolded.
  private let source: ONNXGraph
  /// The nodes that the output depends on, as indices in file order.
  private let liveNodes: [Int]

  /// - Throws: `SYN0205` for a version of the format or an operator set that is not read.
  init(model: ONNXModel, digest: Digest) throws(PackError) {
    self.model = model
    self.digest = digest
    try ONNXModelReader.checkVersion(model)
    opset = try ONNXModelReader.opset(model)
    source = try ONNXInlining.graph(of: model)
    liveNodes = source.liveNodes()
  }

  func graph(
    _ file: MappedFile, _ options: ImportOptions
  ) throws(PackError) -> Graph<Analog> {
    // All operators that are missing, before anything else can go wrong.
    try ONNXOperatorCheck(graph: source, liveNodes: liveNodes, opset: opset).check()
    try source.checkNames()
    let interface = try ONNXInterface(source, options.batch)
    var decoder = TensorDecoder(file: file)
    var values: [String: ONNXValue] = [:]
    try define(source.initializers, &decoder, &values)
    let origin = Origin(
      format: ONNXImporter.format.id, digest: digest, producer: model.producer,
      version: "opset \(opset)")
    var builder = ONNXGraphBuilder(
      origin: origin, batch: interface.batch, useCounts: useCounts(), decoder: decoder,
      readsWeights: options.readsWeights)
    for input in interface.inputs {
      values[input.name] = .activation(try builder.addInput(input))
    }
    for index in liveNodes {
      try lower(source.nodes[index], source.nodes[index].title(index), &values, &builder)
    }
    return try finish(interface, values, &builder)
  }

  private func define(
    _ initializers: [ONNXTensor], _ decoder: inout TensorDecoder,
    _ values: inout [String: ONNXValue]
  ) throws(PackError) {
    for initializer in initializers {
      let tensor = try decoder.decode(initializer)
      values[initializer.name] = .constant(ONNXConstant(name: initializer.name, tensor: tensor))
    }
  }

  /// Newer versions of the format are read, because the operator set says what its nodes mean;
  /// but versions come one a year, so a number over 100 is none.
  private static func checkVersion(_ model: ONNXModel) throws(PackError) {
    guard (1...100).contains(model.irVersion) else {
      throw PackError(
        .unsupportedVersion, "the version of the format is \(model.irVersion)",
        hint: "export the model again")
    }
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
      for input in source.nodes[index].reads { counts[input, default: 0] += 1 }
    }
    for output in source.outputs { counts[output.name, default: 0] += 1 }
    return counts
  }

  private func lower(
    _ node: ONNXNode, _ title: String, _ values: inout [String: ONNXValue],
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) {
    let inputs = node.inputs.map { $0.isEmpty ? nil : values[$0] }
    let result = try within(.node(title)) { () throws(PackError) -> ONNXValue in
      guard let lowering = onnxLowerings[node.operatorName] else {
        throw PackError(
          .unsupportedOperators, "\(node.operatorName) is not supported",
          hint: "replace the operator in the source model and export it again")
      }
      let opset = node.opset ?? opset
      try checkInputs(node, lowering, opset)
      try checkAttributes(node, lowering, opset)
      let context = ONNXNodeContext(
        node: node, name: builder.uniqueName(title), inputs: inputs, opset: opset)
      if node.operatorName == "If" { return try branch(context, values, &builder) }
      return try lower(context, lowering, &builder)
    }
    if case .outputs(let results) = result {
      for (position, output) in node.outputs.enumerated() where !output.isEmpty {
        values[output] = results.indices.contains(position) ? results[position] : .unavailable
      }
      return
    }
    for (position, output) in node.outputs.enumerated() where !output.isEmpty {
      values[output] = position == 0 ? result : .unavailable
    }
  }

  private func lower(
    _ context: ONNXNodeContext, _ lowering: ONNXLowering, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard !context.inputs.contains(where: { $0?.isSampleIndices ?? false }) else {
      return try SampleIndices.lower(context, &builder)
    }
    let reads = context.inputs.contains { $0?.isActivation ?? false }
    if !reads, let body = lowering.integers, context.readsIntegersOnly {
      return try body(context, &builder)
    }
    if !reads, let body = lowering.constants { return try body(context, &builder) }
    guard let body = lowering.activations else {
      throw context.unsupported(
        "it has \(reads ? "an activation" : "real constants") as input",
        hint: "fold the constants of the model before export")
    }
    return reads
      ? try body(context, &builder) : try ConstantFolding.fold(context, body, &builder)
  }

  /// The nodes of the branch that a constant condition chooses.
  private func branch(
    _ context: ONNXNodeContext, _ values: [String: ONNXValue], _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    guard try context.isKnown(0) else {
      throw context.unsupported(
        "the condition depends on the data", hint: "export the model with one branch only")
    }
    let conditions = try context.knownIntegers(0)
    guard let condition = conditions.first, conditions.count == 1 else {
      throw context.wrongShape("the condition has \(conditions.count) values, not one")
    }
    let graph = try context.graph(condition != 0 ? "then_branch" : "else_branch")
      .renamed(context.name + "/", [:])
    var local = values
    try builder.withDecoder { (decoder) throws(PackError) in
      try define(graph.initializers, &decoder, &local)
    }
    for index in graph.liveNodes() {
      for input in graph.nodes[index].inputs where !input.isEmpty && local[input] == nil {
        throw PackError(
          .malformedGraph, "`\(input)` is used in a branch, but nothing computes it before",
          hint: "export the model again; check it with the format's own checker")
      }
      try lower(graph.nodes[index], graph.nodes[index].title(index), &local, &builder)
    }
    var results: [ONNXValue] = []
    for output in graph.outputs {
      guard let value = local[output.name] else {
        throw PackError(
          .malformedGraph, "the output `\(output.name)` of a branch is never computed",
          hint: "export the model again")
      }
      results.append(value)
    }
    return .outputs(results)
  }

  private func checkInputs(
    _ node: ONNXNode, _ lowering: ONNXLowering, _ opset: Int
  ) throws(PackError) {
    guard lowering.inputs.range(opset).contains(node.inputs.count) else {
      throw PackError(
        .malformedGraph,
        "\(node.operatorName) has \(node.inputs.count) inputs, which it cannot have in opset "
          + "\(opset)",
        hint: "export the model again; check it with the format's own checker")
    }
  }

  private func checkAttributes(
    _ node: ONNXNode, _ lowering: ONNXLowering, _ opset: Int
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
      guard attribute.reference.isEmpty else {
        throw PackError(
          .malformedGraph,
          "the attribute `\(attribute.name)` refers to `\(attribute.reference)` of a call, but "
            + "stands in no function",
          hint: "export the model again; check it with the format's own checker")
      }
    }
  }

  private func finish(
    _ interface: ONNXInterface, _ values: [String: ONNXValue], _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> Graph<Analog> {
    var outputs: [(name: String, wire: WireID)] = []
    for output in interface.outputNames {
      if builder.batch == .none, case .constant(let constant)? = values[output] {
        outputs.append((output, try builder.constant(constant).wire))
        continue
      }
      guard case .activation(let value)? = values[output] else {
        throw PackError(
          .unsupportedInterface, "the output `\(output)` does not depend on the input's values",
          hint: "cut the model to outputs that do")
      }
      try checkBatch(of: value, output, builder)
      outputs.append((output, value.wire))
    }
    try builder.setOutputs(outputs)
    return try Graph<Analog>(verifying: builder.draft).recognizingPatterns()
  }

  /// Checks that an output has an axis that counts samples and nothing else, and has it in front.
  ///
  /// Samples are put one behind the other on such an axis; an output that merges it with another
  /// has a shape of its own in the file, which would get lost.
  private func checkBatch(
    of value: ONNXActivation, _ output: String, _ builder: ONNXGraphBuilder
  ) throws(PackError) {
    switch value.batch {
    case .alone(0): return
    case .absent where builder.batch.isSingle: return
    case .merged(0, outer: 1):
      let rows = value.dimensions[0]
      let shape = ["\(rows)·N"] + value.dimensions.dropFirst().map { "\($0)" }
      throw PackError(
        .unsupportedInterface,
        "the output `\(output)` is [\(shape.joined(separator: ", "))]: its first axis counts "
          + "\(rows) rows of each sample, not samples",
        hint: "reshape it so that the batch is an axis of its own,"
          + " or export a fixed batch and use `--batch none`")
    case .absent, .alone, .merged:
      throw PackError(
        .unsupportedInterface, "the output `\(output)` does not have the batch as its first axis",
        hint: "cut the model to outputs that do, or export a fixed batch and use `--batch none`")
    }
  }
}

extension ONNXNode {
  /// The node's name, or one made from its place where the file gives none.
  func title(_ index: Int) -> String {
    name.isEmpty ? "\(operatorName)_\(index)" : name
  }
}
