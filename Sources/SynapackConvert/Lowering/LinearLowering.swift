internal import SynapackGraph
internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// The linear operators of a spiking graph on what its wires carry.
extension ProgramLowering {
  func convolve(
    _ op: Convolution, _ input: Carried, _ shape: Shape
  ) throws(PackError) -> Carried {
    let kernel = try graph.weights.tensor(op.weight)
    let values = kernel.floats()
    var connections: [FloatConnection] = []
    for term in try terms(input) {
      connections.append(
        try term.convolution(values, kernel.shape, op.window, groups: op.groups))
    }
    return .weighted(
      WeightedInput(
        shape: shape, connections: connections, bias: try bias(op.bias, kernel.shape[0])))
  }

  func multiply(_ op: Linear, _ input: Carried, _ shape: Shape) throws(PackError) -> Carried {
    let matrix = try graph.weights.floats(op.weight)
    var connections: [FloatConnection] = []
    for term in try terms(input) {
      connections.append(try term.dense(matrix, outputs: shape.count))
    }
    return .weighted(
      WeightedInput(
        shape: shape, connections: connections, bias: try bias(op.bias, shape.count)))
  }

  /// A sum of spikes stays one of spikes, which is how a residual join costs nothing; with a
  /// weighted wire in it, all of them become connections of one neuron.
  func add(_ inputs: [Carried]) throws(PackError) -> Carried {
    var terms: [Term] = []
    for case .spikes(let list) in inputs { terms += list }
    let weighted = inputs.compactMap { if case .weighted(let input) = $0 { input } else { nil } }
    guard var sum = weighted.first else { return .spikes(terms) }
    for other in weighted.dropFirst() {
      guard other.bias.count == sum.bias.count, other.shape == sum.shape,
        other.order == sum.order
      else {
        throw PackError(.cannotSpike, "a sum of two layouts", hint: "add wires of one layout")
      }
      sum.connections += other.connections
      for channel in sum.bias.indices { sum.bias[channel] += other.bias[channel] }
      if let places = other.places { sum.add(places: places) }
    }
    for term in terms { sum.connections.append(try identity(term, in: sum)) }
    return .weighted(sum)
  }

  func scaled(_ input: Carried, _ factor: Float) -> Carried {
    switch input {
    case .spikes(let terms):
      return .spikes(
        terms.map { term in
          var term = term
          for channel in term.amplitude.indices { term.amplitude[channel] *= factor }
          return term
        })
    case .weighted(var input):
      for index in input.connections.indices {
        for weight in input.connections[index].weights.indices {
          input.connections[index].weights[weight] *= factor
        }
      }
      for channel in input.bias.indices { input.bias[channel] *= factor }
      input.places = input.places?.map { $0 * factor }
      return .weighted(input)
    case .computed(var computation):
      computation.factor *= factor
      return .computed(computation)
    }
  }

  func relayed(_ input: Carried, _ window: Window, _ shape: Shape) throws(PackError) -> Carried {
    var result: [Term] = []
    for var term in try terms(input) {
      if let whole = try term.summed(over: window, shape) {
        result.append(whole)
        continue
      }
      guard let start = term.firstChannel, let target = shape.planes,
        let extent = window.outputExtent(
          of: Extent(y: term.planes.height, x: term.planes.width))
      else {
        throw PackError(
          .cannotSpike, "pooling over values that were reshaped or transposed",
          hint: "keep the layout [C, H, W] up to the pooling")
      }
      term.relays.append(window)
      term.native = try Shape([term.planes.channels, extent.y, extent.x])
      term.logical = shape
      term.first = start * target.height * target.width
      result.append(term)
    }
    return .spikes(result)
  }

  func reshaped(_ input: Carried, _ shape: Shape) -> Carried {
    guard case .spikes(let terms) = input else { return input }
    return .spikes(
      terms.map { term in
        var term = term
        term.logical = shape
        return term
      })
  }

  func transposed(
    _ input: Carried, _ op: Transpose, _ shape: Shape
  ) throws(PackError) -> Carried {
    if case .weighted(var weighted) = input {
      let sources = try op.sources(input: shape.transposed(by: op.permutation))
      weighted.order = Layout.composed(sources, behind: weighted.order)
      return .weighted(weighted)
    }
    let list = try terms(input)
    guard let source = list.first?.logical else { return input }
    let sources = try op.sources(input: source)
    var result: [Term] = []
    for var term in list {
      guard term.first == 0, term.native.count == source.count else {
        throw PackError(
          .cannotSpike, "a transpose of a concatenation",
          hint: "concatenate after the transpose")
      }
      term.order = Layout.composed(sources, behind: term.order)
      term.logical = shape
      result.append(term)
    }
    return .spikes(result)
  }

  func concatenated(
    _ inputs: [Carried], _ op: Concat, _ shape: Shape
  ) throws(PackError) -> Carried {
    var result: [Term] = []
    var start = 0
    for input in inputs {
      let list = try terms(input)
      let count = list.first?.logical.count ?? 0
      for var term in list {
        guard op.axis == 0 else {
          throw PackError(
            .cannotSpike, "a concatenation along axis \(op.axis + 1)",
            hint: "concatenate channels")
        }
        term.logical = shape
        term.first += start
        result.append(term)
      }
      start += count
    }
    return .spikes(result)
  }

  func terms(_ input: Carried) throws(PackError) -> [Term] {
    guard case .spikes(let terms) = input else {
      throw PackError(
        .defect, "weights stand on a wire that carries no spikes",
        hint: "please report this model")
    }
    return terms
  }

  func bias(_ name: String?, _ count: Int) throws(PackError) -> [Float] {
    guard let name else { return Array(repeating: 0, count: count) }
    return try graph.weights.floats(name)
  }
}
