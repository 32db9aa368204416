internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// What a constant becomes on its way to the biases.
///
///     Op(Σ payloads + c) = Op(Σ payloads) + Op(c)       for every linear operator
///
/// A constant on a wire of spikes waits there; the first weights or neurons behind it take it into
/// their bias, so that it needs neither neurons nor time.
extension ProgramLowering {
  /// Passes the constants on the inputs of `node`, which is lowered, to its output.
  mutating func passConstants(_ node: Node) throws(PackError) {
    guard let op = constantPart(of: node) else { return }
    var values: [FloatArray] = []
    for wire in node.inputs {
      let shape = graph.shape(of: wire)
      values.append(
        FloatArray(
          shape: shape, values: constants[wire] ?? Array(repeating: 0, count: shape.count)))
    }
    let result = try op.payload.evaluate(values, graph.weights).values
    switch carried[node.output] {
    case .weighted(var input):
      input.add(constant: result)
      carried[node.output] = .weighted(input)
    case .spikes: constants[node.output] = result
    case .computed, nil: break
    }
  }

  /// The operator without its own bias; `nil` where there is nothing to pass.
  private func constantPart(of node: Node) -> Op? {
    let hasConstant = node.inputs.contains { constants[$0] != nil }
    switch node.op {
    case .channelAffine: return node.op
    case .convolution(var op) where hasConstant:
      op.bias = nil
      return .convolution(op)
    case .linear(var op) where hasConstant:
      op.bias = nil
      return .linear(op)
    case .add, .concat, .pad, .reshape, .scale, .transpose, .windowSum:
      return hasConstant ? node.op : nil
    // Neurons and operators take it in their own input; see `weighted`.
    default: return nil
    }
  }
}

extension WeightedInput {
  /// Adds a number to every value of the wire, in the wire's order.
  mutating func add(constant: [Float]) {
    var native = constant
    if let order { for index in order.indices { native[order[index]] = constant[index] } }
    let row = max(1, native.count / max(1, bias.count))
    let isFlat = native.indices.allSatisfy { native[$0] == native[$0 / row * row] }
    guard isFlat, native.count == bias.count * row else { return add(places: native) }
    for channel in bias.indices { bias[channel] += native[channel * row] }
  }

  /// Adds a number to the bias of every neuron.
  mutating func add(places added: [Float]) {
    guard let own = places else {
      places = added
      return
    }
    places = zip(own, added).map { $0 + $1 }
  }

  /// The largest magnitude of the bias of a channel.
  func largestBias(_ channel: Int) -> Float {
    guard let places else { return bias[channel].magnitude }
    let row = max(1, places.count / max(1, bias.count))
    var largest: Float = 0
    for index in channel * row..<min((channel + 1) * row, places.count) {
      largest = max(largest, (bias[channel] + places[index]).magnitude)
    }
    return largest
  }
}
