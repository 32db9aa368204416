internal import SynapackGraph
internal import SynapackTensor

/// The operators that no integrate-and-fire neuron computes.
enum CompensatedOperators {
  /// Whether a graph holds a product of two activations, a layer normalization or a softmax.
  static func areNeeded(by graph: Graph<Analog>) -> Bool {
    graph.nodes.contains { node in
      if case .activation = node.op { false } else { contains(node.op) }
    }
  }

  /// Whether compensated neurons compute the operator.
  static func contains(_ op: Op) -> Bool {
    switch op {
    case .activation(let op): SmoothDomain(op.function) != nil
    case .layerNormalization, .matrixProduct, .softmax: true
    default: false
    }
  }

  /// The wires whose values are multiplied, as far back as values are only moved or scaled.
  static func operands(of graph: Graph<Analog>) -> Set<WireID> {
    var found: Set<WireID> = []
    for node in graph.nodes {
      guard case .matrixProduct = node.op else { continue }
      for input in node.inputs { found.insert(root(of: input, graph)) }
    }
    return found
  }

  /// The wire from which the values of another are only moved or scaled.
  static func root(of wire: WireID, _ graph: Graph<Analog>) -> WireID {
    var wire = wire
    while let producer = graph.producer(of: wire), moves(producer.op),
      let source = producer.inputs.first
    {
      wire = source
    }
    return wire
  }

  private static func moves(_ op: Op) -> Bool {
    switch op {
    case .reshape, .scale, .transpose: true
    default: false
    }
  }

  /// The products, and the factors behind them, that only a softmax hears: its neurons multiply
  /// themselves, so that no population stands between.
  static func fusedWires(of graph: Graph<Analog>) -> Set<WireID> {
    var found: Set<WireID> = []
    for node in graph.nodes {
      guard case .matrixProduct = node.op else { continue }
      var chain = [node.output]
      while let wire = chain.last, !graph.outputs.contains(wire),
        let reader = graph.consumers(of: wire).first, graph.consumers(of: wire).count == 1
      {
        if case .softmax = reader.op { found.formUnion(chain) }
        guard case .scale = reader.op else { break }
        chain.append(reader.output)
      }
    }
    return found
  }
}
