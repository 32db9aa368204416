internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Builds the network of a description from the tensors of a file, layer by layer.
struct ArchitectureReader {
  private let description: ArchitectureDescription
  private var builder: ArchitectureBuilder
  private var layerCount = 0

  /// Layers that a network may have, and blocks within blocks.
  private static let mostLayers = 10_000
  private static let deepest = 8

  /// Where a list of layers stands: its placeholders, its named wires, and the one that flows.
  struct Scope {
    var parameters: [String: String]
    var wires: [String: WireID]
    var current: WireID
    /// What the names of nodes without tensors begin with.
    var prefix = ""
    var depth = 0
  }

  init(_ description: ArchitectureDescription, _ tensors: NamedTensors, origin: Origin) {
    self.description = description
    builder = ArchitectureBuilder(tensors, origin: origin)
  }

  /// The graph, in which every tensor of the file but those to be ignored has its layer.
  ///
  /// - Parameter scanned: whether the weights are read to find NaN and infinite ones.
  /// - Throws: `SYN0250` for the description, `SYN0252` to `SYN0254` where tensors and layers do
  ///   not fit, `SYN0014` for a weight that is not finite.
  mutating func graph(scanned: Bool) throws(PackError) -> Graph<Analog> {
    let shape = try inputShape()
    let input = try builder.network.addInput("input", shape)
    var scope = Scope(
      parameters: description.parameters, wires: ["input": input], current: input)
    try run(description.layers, &scope)
    try checkSpare()
    if scanned {
      // In the order of the file, so that it is read once from front to back.
      for name in builder.tensors.names where builder.used.contains(name) {
        if let tensor = builder.tensors[name] { try checkFiniteElements(tensor, name) }
      }
    }
    return try builder.network.graph(outputs: [scope.current])
  }

  /// Layers of the graph that lack a bias which others of their kind have.
  ///
  /// Not those before a batch normalization, whose shift stands for it.
  func findings(_ graph: Graph<Analog>) -> [Finding] {
    var read: [WireID: [Op]] = [:]
    for node in graph.nodes {
      for input in node.inputs { read[input, default: []].append(node.op) }
    }
    let outputs = Dictionary(graph.nodes.map { ($0.name, $0.output) }) { first, _ in first }
    return builder.biasless.filter { builder.biasedKinds.contains($0.kind) }.compactMap {
      layer -> Finding? in
      let readers = outputs[layer.name].flatMap { read[$0] } ?? []
      guard !readers.contains(where: { if case .batchNormalization = $0 { true } else { false } })
      else { return nil }
      return Finding(
        .absentBias, .warning,
        "this layer has no bias, others of the kind `\(layer.kind)` have one",
        at: .node(layer.name))
    }
  }

  /// The kind of layer that the tensors beneath a name belong to.
  func memberKind(_ name: String) -> String? {
    if builder.has(name + ".running_mean") { return "batch-normalization" }
    switch builder.tensors[name + ".weight"]?.shape.rank {
    case 2: return "linear"
    case 3, 4: return "convolution"
    default: return nil
    }
  }

  /// The input's shape: what the description states, with `*` from the first weights.
  private func inputShape() throws(PackError) -> Shape {
    var extents: [Int] = []
    for node in description.input {
      let text = try node.filled(description.parameters).text ?? "?"
      if text == "*" {
        extents.append(try firstExtent(node.line))
      } else if let extent = Int(text), (1...(1 << 20)).contains(extent) {
        extents.append(extent)
      } else {
        throw architectureRefusal(
          "the extent `\(text)` of the input is no number in 1...1048576 and no `*`",
          line: node.line)
      }
    }
    return try Shape(extents)
  }

  /// The channels or features that the first layer with weights takes.
  private func firstExtent(_ line: Int) throws(PackError) -> Int {
    for node in description.layers {
      let item = try ArchitectureItem(node, description.parameters)
      let name: String?
      switch item.kind {
      case "convolution", "linear":
        name = item.options["weight"]?.text ?? item.value.text.map { $0 + ".weight" }
      case "sequence":
        name = (0..<16).lazy.map { (item.value.text ?? "").filling("n", with: String($0)) }
          .first { memberKind($0) != nil }.map { $0 + ".weight" }
      default: continue
      }
      guard let name, let shape = builder.tensors[name]?.shape, shape.rank >= 2 else { break }
      return shape[1]
    }
    throw architectureRefusal("no first weights say what `*` of the input is", line: line)
  }

  /// - Throws: `SYN0253` for tensors that no layer took.
  private func checkSpare() throws(PackError) {
    let spare = builder.tensors.names.filter { name in
      !builder.used.contains(name) && !name.hasSuffix(".num_batches_tracked")
        && name != "num_batches_tracked" && !description.ignored.contains { name.matches($0) }
    }
    guard let first = spare.first else { return }
    let shown = spare.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    throw PackError(
      .spareTensor, "\(spare.count) tensors have no layer: \(shown)", at: .tensor(first),
      hint: "check that the weights belong to the architecture `\(description.name)`")
  }

  // MARK: - Layers

  mutating func run(
    _ layers: [ArchitectureNode], _ scope: inout Scope
  ) throws(PackError) {
    for node in layers {
      let item = try ArchitectureItem(node, scope.parameters)
      try run(item, &scope)
    }
  }

  private mutating func run(
    _ item: ArchitectureItem, _ scope: inout Scope
  ) throws(PackError) {
    guard try isWanted(item) else { return }
    layerCount += 1
    guard layerCount <= ArchitectureReader.mostLayers else {
      throw architectureRefusal(
        "more than \(ArchitectureReader.mostLayers) layers", line: item.line)
    }
    let inputs = try wires(item, scope)
    switch item.kind {
    case "block": try runBlock(item, from: inputs, &scope)
    case "repeat": try runRepeat(item, from: inputs, &scope)
    case "sequence": try runSequence(item, from: inputs, &scope)
    default: try build(item, inputs, &scope)
    }
    if let name = item.options["name"]?.text { scope.wires[name] = scope.current }
  }

  private mutating func build(
    _ item: ArchitectureItem, _ inputs: [WireID], _ scope: inout Scope
  ) throws(PackError) {
    guard let layer = architectureLayers[item.kind] else {
      throw architectureRefusal("there is no layer `\(item.kind)`", line: item.line)
    }
    let namesTensors =
      !JoinLayers.readers.contains(item.kind) && layer.keys.contains("epsilon")
      || ["convolution", "linear"].contains(item.kind)
    let own = namesTensors ? item.value.text : nil
    let name = own ?? scope.prefix + (item.options["name"]?.text ?? item.kind)
    let context = LayerContext(
      kind: item.kind, value: item.value, options: item.options, line: item.line, name: name,
      inputs: inputs)
    do throws(PackError) {
      scope.current = try layer.build(context, &builder)
    } catch {
      throw error.trail.contains { if case .node = $0 { true } else { false } }
        ? error : error.at(.node(name))
    }
  }

  /// Whether all tensors of `when` exist and none of `unless`.
  private func isWanted(_ item: ArchitectureItem) throws(PackError) -> Bool {
    let present = try ArchitectureDescription.names(item.options["when"])
    let absent = try ArchitectureDescription.names(item.options["unless"])
    return present.allSatisfy { builder.has($0) } && !absent.contains { builder.has($0) }
  }

  /// What a layer reads: the names of `from` or, for a join, its value; else what flows.
  private func wires(_ item: ArchitectureItem, _ scope: Scope) throws(PackError) -> [WireID] {
    var names = try ArchitectureDescription.names(item.options["from"])
    var inputs: [WireID] = []
    if item.kind == "pad-channels", names.isEmpty { inputs = [scope.current] }
    if JoinLayers.readers.contains(item.kind) {
      names += try ArchitectureDescription.names(item.value)
    }
    for name in names {
      guard let wire = scope.wires[name] else {
        throw architectureRefusal(
          "`\(item.kind)` reads `\(name)`, which no layer before it is named", line: item.line,
          nearest: name, among: scope.wires.keys.sorted())
      }
      inputs.append(wire)
    }
    return inputs.isEmpty ? [scope.current] : inputs
  }

  // MARK: - Blocks

  /// `- block: NAME`, `prefix`, `with`
  private mutating func runBlock(
    _ item: ArchitectureItem, from inputs: [WireID], _ scope: inout Scope
  ) throws(PackError) {
    let prefix = item.options["prefix"]?.text ?? ""
    let values = try item.options["with"].map(ArchitectureDescription.texts) ?? [:]
    try expand(item, prefix: prefix, values, from: inputs, &scope)
  }

  /// `- repeat: NAME`, `each: layer1.{n}`, `numbers`, `with`, `first`
  ///
  /// Without `numbers` it counts from 0 as long as there are tensors beneath the name.
  private mutating func runRepeat(
    _ item: ArchitectureItem, from inputs: [WireID], _ scope: inout Scope
  ) throws(PackError) {
    guard let pattern = item.options["each"]?.text, pattern.contains("{n}") else {
      throw architectureRefusal("`repeat` lacks `each` with an {n}", line: item.line)
    }
    let values = try item.options["with"].map(ArchitectureDescription.texts) ?? [:]
    let first = try item.options["first"].map(ArchitectureDescription.texts) ?? [:]
    var prefixes: [String] = []
    if let numbers = item.options["numbers"] {
      prefixes = try ArchitectureDescription.names(numbers).map { pattern.filling("n", with: $0) }
    } else {
      while builder.hasGroup(pattern.filling("n", with: String(prefixes.count))) {
        prefixes.append(pattern.filling("n", with: String(prefixes.count)))
        guard prefixes.count <= ArchitectureReader.mostLayers else { break }
      }
    }
    guard !prefixes.isEmpty else {
      throw PackError(
        .missingTensor, "the file holds no tensors beneath it",
        at: .tensor(pattern.filling("n", with: "0")), hint: "check the architecture")
    }
    var from = inputs
    for (index, prefix) in prefixes.enumerated() {
      let set = index == 0 ? values.merging(first) { $1 } : values
      try expand(item, prefix: prefix, set, from: from, &scope)
      from = [scope.current]
    }
  }

  /// Runs the layers of a block once.
  private mutating func expand(
    _ item: ArchitectureItem, prefix: String, _ values: [String: String], from inputs: [WireID],
    _ scope: inout Scope
  ) throws(PackError) {
    guard let name = item.value.text, let block = description.blocks[name] else {
      throw architectureRefusal(
        "there is no block `\(item.value.text ?? "?")`", line: item.line,
        nearest: item.value.text, among: description.blocks.keys.sorted())
    }
    guard scope.depth < ArchitectureReader.deepest, let input = inputs.first, inputs.count == 1
    else {
      throw architectureRefusal(
        "blocks take one input and nest at most \(ArchitectureReader.deepest) deep",
        line: item.line)
    }
    var parameters = scope.parameters.merging(block.parameters) { $1 }
    for (key, value) in values {
      guard block.parameters[key] != nil else {
        throw architectureRefusal(
          "the block `\(name)` has no parameter `\(key)`", line: item.line, nearest: key,
          among: block.parameters.keys.sorted())
      }
      parameters[key] = value
    }
    parameters["prefix"] = prefix
    var inner = Scope(
      parameters: parameters, wires: ["input": input], current: input,
      prefix: prefix.isEmpty ? scope.prefix : prefix + ".", depth: scope.depth + 1)
    try run(block.layers, &inner)
    scope.current = inner.current
  }
}

extension String {
  /// Whether the text is `pattern`, in which a `*` at one end stands for anything.
  fileprivate func matches(_ pattern: String) -> Bool {
    if pattern.hasSuffix("*") { return hasPrefix(pattern.dropLast()) }
    if pattern.hasPrefix("*") { return hasSuffix(pattern.dropFirst()) }
    return self == pattern
  }
}
