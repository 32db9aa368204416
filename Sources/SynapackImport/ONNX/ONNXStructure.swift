internal import SynapackSupport

extension ONNXGraph {
  /// The nodes that an output depends on, as indices in file order; others are never looked at.
  func liveNodes() -> [Int] {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = index }
    }
    var isLive = Array(repeating: false, count: nodes.count)
    var open = outputs.map(\.name)
    while let name = open.popLast() {
      guard let index = producers[name], !isLive[index] else { continue }
      isLive[index] = true
      open += nodes[index].reads
    }
    return nodes.indices.filter { isLive[$0] }
  }

  /// Checks that every name is defined once and before its use.
  ///
  /// - Throws: `SYN0209` for a name used before or without its definition, defined twice, given out
  ///   twice, or a cycle.
  func checkNames() throws(PackError) {
    var defined: Set<String> = []
    for initializer in initializers where !defined.insert(initializer.name).inserted {
      throw malformed("two initializers are named `\(initializer.name)`")
    }
    guard !hasSparseInitializers else {
      throw PackError(
        .unsupportedAttribute, "weights are stored as sparse tensors",
        hint: "export the model with dense weights")
    }
    var listed: Set<String> = []
    for input in inputs {
      guard listed.insert(input.name).inserted else {
        throw malformed("two inputs are named `\(input.name)`")
      }
      defined.insert(input.name)
    }
    let later = Set(nodes.flatMap(\.outputs))
    for (index, node) in nodes.enumerated() {
      for input in node.inputs where !input.isEmpty && !defined.contains(input) {
        throw malformed(
          later.contains(input)
            ? "`\(input)` is used before it is computed, or in a cycle"
            : "`\(input)` is used, but nothing computes it"
        ).at(.node(node.title(index)))
      }
      for output in node.outputs where !output.isEmpty && !defined.insert(output).inserted {
        throw malformed("`\(output)` is computed twice").at(.node(node.title(index)))
      }
    }
    var given: Set<String> = []
    for output in outputs {
      guard defined.contains(output.name) else {
        throw malformed("the output `\(output.name)` is never computed")
      }
      guard given.insert(output.name).inserted else {
        throw malformed("two outputs are named `\(output.name)`")
      }
    }
  }

  private func malformed(_ message: String) -> PackError {
    PackError(
      .malformedGraph, message,
      hint: "export the model again; check it with the format's own checker")
  }
}
