internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// An operator on running means in real numbers, on its way to a compensated population.
struct Computation: Sendable {
  var drive: Drive
  var function: Function
  /// What is multiplied to the driven value before the function.
  var factor: Float = 1

  enum Drive: Sendable {
    case weighted(WeightedInput)
    case product(RealProduct)
  }

  enum Function: Sendable {
    case identity
    case activation(Activation.Function)
    /// γ and β of the last axis, ε.
    case normalization(scale: [Float], shift: [Float], epsilon: Float)
    case softmax
  }

  var sources: [Source] {
    switch drive {
    case .weighted(let input): input.connections.map(\.source)
    case .product(let product): product.product.sources.map(Source.population)
    }
  }

  /// The shape of the population, and the order of the wire's values in it.
  var shape: Shape {
    switch drive {
    case .weighted(let input): input.shape
    case .product(let product): product.shape
    }
  }

  var order: [Int]? {
    switch drive {
    case .weighted(let input): input.order
    case .product(let product): product.order
    }
  }
}

/// A product of two wires of payloads.
struct RealProduct: Sendable {
  var product: OperandProduct
  /// What one unit of the product of two payloads stands for.
  var unit: Float
  var shape: Shape
  var order: [Int]?
}

extension OperandProduct {
  var sources: [Int] { [left.source, right.source] }
}

extension ProgramLowering {
  /// The operator of `node` on what its wires carry.
  func computation(_ node: Node, _ inputs: [Carried]) throws(PackError) -> Computation {
    guard let first = inputs.first, let wire = node.inputs.first else {
      throw PackError(.defect, "an operator without input", hint: "please report this model")
    }
    let shape = graph.shape(of: wire)
    switch node.op {
    case .matrixProduct:
      guard inputs.count == 2 else { break }
      return Computation(
        drive: .product(
          try product(
            try operand(inputs[0], node.inputs[0]), try operand(inputs[1], node.inputs[1]),
            graph.shape(of: node.output))), function: .identity)
    case .softmax:
      if case .computed(var product) = first {
        product.function = .softmax
        return product
      }
      return try computation(first, node, .softmax)
    case .activation(let op): return try computation(first, node, .activation(op.function))
    case .layerNormalization(let op):
      let count = shape.dimensions.last ?? 1
      let scale = try op.scale.map { (name) throws(PackError) in try graph.weights.floats(name) }
      let shift = try op.shift.map { (name) throws(PackError) in try graph.weights.floats(name) }
      return try computation(
        first, node,
        .normalization(
          scale: scale ?? Array(repeating: 1, count: count),
          shift: shift ?? Array(repeating: 0, count: count), epsilon: op.epsilon))
    default: break
    }
    throw PackError(
      .defect, "\(node.op.name) as an operator on running means",
      hint: "please report this model")
  }

  private func computation(
    _ input: Carried, _ node: Node, _ function: Computation.Function
  ) throws(PackError) -> Computation {
    Computation(
      drive: .weighted(try weighted(input, node.inputs, graph.shape(of: node.output))),
      function: function)
  }

  /// A wire whose sums are multiplied: payloads of one population that all stand for the same.
  private func operand(_ input: Carried, _ wire: WireID) throws(PackError) -> Term {
    guard let term = try terms(input).first, try terms(input).count == 1, term.coversWire,
      term.relays.isEmpty, constants[wire] == nil, case .population = term.source,
      let amplitude = term.amplitude.first, term.amplitude.allSatisfy({ $0 == amplitude })
    else {
      throw PackError(
        .cannotSpike, "a product of values that no one population carries",
        hint: "multiply the outputs of two layers, reshaped and transposed at most")
    }
    return term
  }

  /// The product of two operands, laid out as the right one lies: where its rows are contiguous,
  /// those of the result are; where its columns are, those of the result are, so that the tokens of
  /// attention stay the innermost axis and a kernel can move over them.
  private func product(
    _ left: Term, _ right: Term, _ shape: Shape
  ) throws(PackError) -> RealProduct {
    let rank = shape.rank
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let inner = left.logical[left.logical.rank - 1]
    let batch = shape.count / max(1, rows * columns)
    guard left.logical.count == batch * rows * inner, right.logical.count == batch * inner * columns
    else {
      throw PackError(
        .cannotSpike, "a product that stretches one side along its leading axes",
        hint: "repeat the smaller side in the source model")
    }
    let (l, r) = (
      try left.strides(batch, rows, inner), try right.strides(batch, inner, columns)
    )
    let isColumnMajor = columns > 1 && r.inner != 1 && inner > 1 && r.line == 1
    let product = OperandProduct(
      batch: batch, rows: rows, columns: columns, inner: inner, isColumnMajor: isColumnMajor,
      left: Operand(
        source: l.source, offset: l.offset, perMatrix: l.matrix, perLine: l.line, perTerm: l.inner),
      right: Operand(
        source: r.source, offset: r.offset, perMatrix: r.matrix, perLine: r.inner, perTerm: r.line))
    let unit = (left.amplitude.first ?? 1) * (right.amplitude.first ?? 1)
    guard isColumnMajor else {
      return RealProduct(
        product: product, unit: unit, shape: try Shape([batch, rows, columns]), order: nil)
    }
    let planes = right.planes
    let isPlane = planes.height * planes.width == rows
    let native =
      try isPlane
      ? Shape([batch * columns, planes.height, planes.width]) : Shape([batch * columns, rows])
    return RealProduct(
      product: product, unit: unit, shape: native,
      order: Layout.heads(batch, tokens: rows, channels: columns))
  }
}

extension Term {
  /// The strides of [batch, lines, inner] in the term's own population.
  ///
  /// - Throws: `SYN0301` where the values do not lie in strides.
  fileprivate func strides(
    _ batch: Int, _ lines: Int, _ inner: Int
  ) throws(PackError) -> (source: Int, offset: Int, matrix: Int, line: Int, inner: Int) {
    guard case .population(let source) = source else {
      throw PackError(.cannotSpike, "a product with the input", hint: "put a layer before it")
    }
    func place(_ matrix: Int, _ line: Int, _ term: Int) -> Int {
      let index = (matrix * lines + line) * inner + term
      return order?[index] ?? index
    }
    let offset = place(0, 0, 0)
    let perMatrix = batch > 1 ? place(1, 0, 0) - offset : 0
    let perLine = lines > 1 ? place(0, 1, 0) - offset : 0
    let perTerm = inner > 1 ? place(0, 0, 1) - offset : 0
    for matrix in 0..<batch {
      for line in 0..<lines {
        for term in 0..<inner
        where place(matrix, line, term)
          != offset + matrix * perMatrix + line * perLine + term * perTerm
        {
          throw PackError(
            .cannotSpike, "a product of values that do not lie in even strides",
            hint: "reshape and transpose whole heads, as multi-head attention does")
        }
      }
    }
    return (source, offset, perMatrix, perLine, perTerm)
  }
}
