internal import SynapackSupport

/// Finds every node that no lowering reads, before any other work is done.
struct ONNXOperatorCheck {
  let graph: ONNXGraph
  let liveNodes: [Int]
  let opset: Int

  /// Nodes that one message names; a model may have very many of them.
  private static let largestList = 50

  /// - Throws: `SYN0204` with an entry for each node that is not supported.
  func check() throws(PackError) {
    var activations = Set(graph.inputs.map(\.name))
    for initializer in graph.initializers { activations.remove(initializer.name) }
    var defined = Set(graph.inputs.map(\.name)).union(graph.initializers.map(\.name))
    var lines: [String] = []
    var count = 0
    for index in liveNodes {
      let node = graph.nodes[index]
      let reads = node.inputs.contains { activations.contains($0) }
      // What comes out of Shape is known at import.
      if reads, !["Shape", "Size"].contains(node.operatorName) {
        activations.formUnion(node.outputs)
      }
      // A name that nothing has defined yet is an error of its own, found later.
      let isSound = node.inputs.allSatisfy { $0.isEmpty || defined.contains($0) }
      if isSound { defined.formUnion(node.outputs) }
      guard let advice = advice(node, reads, isSound) else { continue }
      count += 1
      guard lines.count < ONNXOperatorCheck.largestList else { continue }
      let domain = node.domain.isEmpty ? "" : " of the domain \(node.domain)"
      lines.append("node `\(node.title(index))`: \(node.operatorName)\(domain) — \(advice)")
    }
    guard count > 0 else { return }
    if count > lines.count { lines.append("and \(count - lines.count) more") }
    throw PackError(
      .unsupportedOperators,
      "\(count) \(count == 1 ? "node is" : "nodes are") not supported: "
        + lines.joined(separator: "; "),
      hint: "replace the operators in the source model and export it again")
  }

  /// What to do about a node; `nil` for one that is supported.
  private func advice(_ node: ONNXNode, _ readsActivation: Bool, _ isSound: Bool) -> String? {
    guard node.domain.isEmpty else { return "replace it by standard operators" }
    let name = node.operatorName
    guard let lowering = onnxLowerings[name] else {
      return operatorAdvice[name] ?? "replace it by supported operators"
    }
    guard lowering.opsets.contains(opset) else {
      return "it exists from opset \(lowering.opsets.lowerBound) on"
    }
    if readsActivation {
      return lowering.activations == nil
        ? operatorAdvice[name] ?? "it is read in shape computations only" : nil
    }
    let isKnown =
      lowering.activations != nil || lowering.integers != nil || lowering.constants != nil
    return !isKnown && isSound ? "fold it before export" : nil
  }
}

/// What to do about operators that models often have and spiking chips do not.
let operatorAdvice: [String: String] = {
  let byAdvice: [(String, [String])] = [
    (
      "recurrent layers are not converted; use a feed-forward model",
      ["LSTM", "GRU", "RNN", "Scan", "Loop"]
    ),
    (
      "write it as MatMul, Softmax and MatMul", ["Attention", "MultiHeadAttention"]
    ),
    (
      "use LayerNormalization or BatchNormalization",
      ["RMSNormalization", "LpNormalization", "MeanVarianceNormalization"]
    ),
    ("use MaxPool or AveragePool", ["LpPool", "GlobalLpPool", "MaxUnpool", "RoiAlign"]),
    (
      "export the model with QuantizeLinear and DequantizeLinear around float operators",
      [
        "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger",
      ]
    ),
    ("cut the model before it; the highest output is the class", ["ArgMax", "ArgMin", "TopK"]),
    (
      "the result would depend on the data; cut the model before it",
      ["NonZero", "NonMaxSuppression", "Unique", "Compress", "OneHot"]
    ),
    (
      "it is read in computations on constants only",
      ["Xor", "ScatterND", "Range", "ConstantOfShape", "Mod"]
    ),
  ]
  var table: [String: String] = [:]
  for (advice, operators) in byAdvice {
    for name in operators { table[name] = advice }
  }
  return table
}()
