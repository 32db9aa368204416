internal import SynapackGraph
internal import SynapackSupport

/// Puts the nodes of local functions in the place of the nodes that call them.
///
///     y = f(x)      ⟹      t/f = Mul(x, x);  y = Add(t/f, x)        with t the call's own name
///
/// Names defined inside a function are told apart by the call that they stand for.
struct ONNXInlining {
  private let functions: [Name: ONNXFunction]
  private var nodes: [ONNXNode] = []
  private var names = UniqueNames()

  private struct Name: Hashable {
    let domain: String
    let name: String
  }

  /// What is left of the work that the file's own size explains: one for each node and call, and
  /// one for each 64 bytes of a name, because names grow with the depth of the calls.
  private var budget: Int

  private static let largestDepth = 32
  private static let largestBudget = 200_000

  /// The model's graph without calls.
  ///
  /// - Throws: `SYN0209` for functions of one name or a call that does not fit, `SYN0203` where the
  ///   calls unfold without end.
  static func graph(of model: ONNXModel) throws(PackError) -> ONNXGraph {
    guard !model.functions.isEmpty else { return model.graph }
    var inlining = try ONNXInlining(model.functions, in: model.graph)
    for node in model.graph.nodes { try inlining.add(node, depth: 0) }
    var graph = model.graph
    graph.nodes = inlining.nodes
    return graph
  }

  private init(_ list: [ONNXFunction], in graph: ONNXGraph) throws(PackError) {
    let count = list.reduce(graph.nodes.count) { $0 + $1.nodes.count }
    budget = min(ONNXInlining.largestBudget, 10_000 + 20 * count)
    var functions: [Name: ONNXFunction] = [:]
    for function in list {
      let name = Name(domain: function.domain, name: function.name)
      guard functions.updateValue(function, forKey: name) == nil else {
        throw ONNXInlining.malformed("two functions are named `\(function.name)`")
      }
    }
    self.functions = functions
  }

  private mutating func add(_ node: ONNXNode, depth: Int) throws(PackError) {
    try spend(1 + node.name.utf8.count / 64)
    guard let function = functions[Name(domain: node.domain, name: node.operatorName)] else {
      nodes.append(node)
      return
    }
    guard depth > 0 || node.attributes.allSatisfy({ $0.reference.isEmpty }) else {
      throw ONNXInlining.malformed(
        "a call of `\(function.name)` refers to an attribute, but stands in no function"
      ).at(.node(node.name))
    }
    guard depth < ONNXInlining.largestDepth else {
      throw PackError(
        .modelTooDeep, "functions call one another more than \(ONNXInlining.largestDepth) deep",
        at: .node(node.name), hint: "do not trust this file")
    }
    let prefix = names.take(node.name.isEmpty ? node.operatorName : node.name) + "/"
    var renames: [String: String] = [:]
    guard node.inputs.count <= function.inputs.count,
      node.outputs.count <= function.outputs.count
    else { throw ONNXInlining.malformed("a call of `\(function.name)` has too many values") }
    for (index, name) in function.inputs.enumerated() {
      renames[name] = node.inputs.indices.contains(index) ? node.inputs[index] : ""
    }
    for (name, target) in zip(function.outputs, node.outputs) where !target.isEmpty {
      renames[name] = target
    }
    let given = function.attributes + node.attributes
    let attributes = Dictionary(given.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    let opset = function.opsets.first { $0.domain.isEmpty || $0.domain == "ai.onnx" }
    for inner in function.nodes {
      // A function sees nothing of the graph that calls it.
      for name in inner.outerReads where renames[name] == nil {
        throw ONNXInlining.malformed(
          "the function `\(function.name)` reads `\(name)`, which is neither its input nor "
            + "computed before in it"
        ).at(.node(inner.name))
      }
      var copy = inner.renamed(prefix, &renames, resolving: attributes)
      copy.opset = opset.flatMap { Int(exactly: $0.version) } ?? inner.opset
      try add(copy, depth: depth + 1)
    }
  }

  private mutating func spend(_ work: Int) throws(PackError) {
    budget -= work
    guard budget >= 0 else {
      throw PackError(
        .modelTooLarge, "the functions unfold to more nodes and names than the file explains",
        hint: "do not trust this file")
    }
  }

  private static func malformed(_ message: String) -> PackError {
    PackError(
      .malformedGraph, message,
      hint: "export the model again; check it with the format's own checker")
  }
}

extension ONNXNode {
  /// The names that the node reads from the scope in which it stands.
  var outerReads: [String] {
    var names = inputs.filter { !$0.isEmpty }
    for attribute in attributes {
      if case .graph(let graph) = attribute.value { names += graph.outerReads }
    }
    return names
  }

  /// The node with what it defines named behind `prefix`, and every name it reads looked up.
  ///
  /// - Parameter attributes: the attributes of the call that references inside a function take.
  func renamed(
    _ prefix: String, _ renames: inout [String: String],
    resolving attributes: [String: ONNXAttribute] = [:]
  ) -> ONNXNode {
    var copy = self
    copy.name = prefix + (name.isEmpty ? operatorName : name)
    copy.inputs = inputs.map { renames[$0] ?? $0 }
    copy.attributes = []
    for attribute in self.attributes {
      var attribute = attribute
      if !attribute.reference.isEmpty {
        guard let given = attributes[attribute.reference] else { continue }
        attribute.value = given.value
        attribute.reference = ""
      }
      if case .graph(let graph) = attribute.value {
        attribute.value = .graph(graph.renamed(prefix, renames, resolving: attributes))
      }
      copy.attributes.append(attribute)
    }
    copy.outputs = outputs.map { output in
      guard !output.isEmpty else { return output }
      let name = renames[output] ?? prefix + output
      renames[output] = name
      return name
    }
    return copy
  }
}

extension ONNXGraph {
  /// The names that a subgraph reads from the scope around it.
  var outerReads: [String] {
    var own = Set(initializers.map(\.name)).union(inputs.map(\.name))
    var names: [String] = []
    for node in nodes {
      names += node.outerReads.filter { !own.contains($0) }
      own.formUnion(node.outputs)
    }
    return names + outputs.map(\.name).filter { !own.contains($0) }
  }

  /// The graph with what it defines named behind `prefix`; what it takes from outside looked up.
  func renamed(
    _ prefix: String, _ outer: [String: String],
    resolving attributes: [String: ONNXAttribute] = [:]
  ) -> ONNXGraph {
    var renames = outer
    var copy = self
    for index in copy.initializers.indices {
      let name = copy.initializers[index].name
      renames[name] = prefix + name
      copy.initializers[index].name = prefix + name
    }
    copy.nodes = nodes.map { node in
      // A name defined here hides one from outside.
      for output in node.outputs where !output.isEmpty { renames[output] = prefix + output }
      return node.renamed(prefix, &renames, resolving: attributes)
    }
    for index in copy.outputs.indices {
      let name = copy.outputs[index].name
      copy.outputs[index].name = renames[name] ?? name
    }
    return copy
  }
}
