internal import SynapackProgram
internal import SynapackTensor

/// Between real weights and whole ones; a channel's unit is the worth of one step of its weights.
extension FloatConnection {
  /// A connection whose weights are whole already, in units of the membrane.
  init(_ connection: Connection) {
    source = connection.source
    relays = connection.relays
    shape = connection.synapses.weights.shape
    weights = connection.synapses.weights.values.map(Float.init)
    amplitude = []
    switch connection.synapses {
    case .dense: kind = .dense
    case .convolution(_, let window, let groups): kind = .convolution(window, groups: groups)
    }
  }

  /// w·q(o), q: a factor for each output channel.
  func scaled(_ units: [Float]) -> FloatConnection {
    var scaled = self
    let row = max(1, weights.count / max(1, units.count))
    for index in weights.indices { scaled.weights[index] *= units[index / row] }
    return scaled
  }

  /// The width that holds round(w / q(o)), at most 16.
  func bits(_ units: [Float]) -> Int {
    let row = max(1, weights.count / max(1, units.count))
    let most = weights.indices.reduce(Float(0)) {
      max($0, weights[$1].magnitude / units[$1 / row])
    }
    return (2...16).first { most <= Float(IntegerLevel.range(bits: $0).upperBound) + 0.5 } ?? 16
  }

  /// round(w / q(o)), held in the range of `bits`.
  func quantized(_ units: [Float], bits: Int, to target: Int) -> Connection {
    let range = IntegerLevel.range(bits: bits)
    let row = max(1, weights.count / max(1, units.count))
    let values = weights.indices.map { index in
      Int16(
        clamping: IntegerLevel.nearest(weights[index], unit: units[index / row], in: range))
    }
    let whole = IntegerWeights(shape: shape, values: values)
    let synapses: Synapses =
      switch kind {
      case .dense: .dense(whole)
      case .convolution(let window, let groups):
        .convolution(whole, window: window, groups: groups)
      }
    return Connection(
      source: source, target: target, relays: relays, synapses: synapses, weightBits: bits)
  }
}
