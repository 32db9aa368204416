internal import SynapackGraph
internal import SynapackTensor

/// What becomes of the operators that compensated neurons compute, and of the wires around them.
extension SpikingPlan {
  /// Whether the node of that name is computed by neurons that multiply, or by those behind it.
  public func isCompensated(_ node: String) -> Bool {
    steps[node] == .compensate || fusedNodes.contains(node)
  }

  /// Gives an operator neurons of its own, which are all alike: its output may lie in any order.
  mutating func compensate(_ node: Node, sign: NeuronSite.Sign, _ graph: Graph<Analog>) {
    guard graph.shape(of: node.output).planes != nil else {
      return refuse(node, "it is computed on up to three axes; merge the leading ones")
    }
    if fused.contains(node.output) { return fuse(node) }
    addCompensated(
      node,
      NeuronSite(
        name: node.name, wire: node.output, sign: sign, ceiling: .infinity, order: sites.count,
        isUniform: true))
  }

  mutating func normalize(_ node: Node, _ op: LayerNormalization, _ graph: Graph<Analog>) {
    let shape = graph.shape(of: node.output)
    guard op.axis == shape.rank - 1, shape.rank <= 2 else {
      return refuse(node, "normalize the last axis of [channels] or [tokens, channels]")
    }
    compensate(node, sign: .signed, graph)
  }

  mutating func product(_ node: Node, _ graph: Graph<Analog>) {
    let shapes = node.inputs.map { graph.shape(of: $0).dimensions.dropLast(2).filter { $0 != 1 } }
    guard shapes.allSatisfy({ $0 == shapes.first }) else {
      return refuse(node, "multiply matrices of the same leading axes; repeat the smaller side")
    }
    let roots = node.inputs.map { CompensatedOperators.root(of: $0, graph) }
    guard roots.allSatisfy({ graph.producer(of: $0) != nil }) else {
      return refuse(node, "put a layer between the input and the product")
    }
    compensate(node, sign: .signed, graph)
  }

  mutating func share(_ node: Node, _ op: Softmax, _ graph: Graph<Analog>) {
    let shape = graph.shape(of: node.output)
    guard !op.isLogarithmic, op.resolvedAxis(shape) == shape.rank - 1 else {
      return refuse(node, "share the last axis alone, and take no logarithm")
    }
    compensate(node, sign: .rectified, graph)
  }
}
