internal import SynapackProgram
internal import SynapackSupport

/// What a population would hear of the same payloads through the weights of the source network.
///
///     x(o) = Σ w·φ + b,  x̂(o) = Σ ŵ·φ + b
///
/// φ: what the sources sent, on average over the ticks; w, ŵ: weights of the source network and of
/// the program; b: the program's own bias, which is the same in both.
struct WeightRounding: Sendable {
  /// z − x and z − x̂ of every neuron, [samples][neurons]; z: the value in the source network.
  let source: [Float]
  let program: [Float]

  /// f(x) − f(x̂), f: what a neuron that carries values in `range` makes of its input.
  func error(at place: Int, of value: Float, _ range: ClosedRange<Float>) -> Float {
    clamp(value - source[place], range) - clamp(value - program[place], range)
  }

  /// x − x̂, over everything.
  var differences: [Float] { zip(source, program).map { $1 - $0 } }

  private func clamp(_ value: Float, _ range: ClosedRange<Float>) -> Float {
    min(max(value, range.lowerBound), range.upperBound)
  }
}

extension Explainer {
  /// `nil` where the weights of the source network are not known in this layout.
  func rounding(_ index: Int, _ layer: FitLayer) throws(PackError) -> WeightRounding? {
    guard
      let connections = source?.connections(of: index, in: program, like: layer.connections),
      let reference = fit.reference(layer)
    else { return nil }
    let averages = layer.connections.map { fit.averages($0.source) }
    var scaled: [[Float]] = []
    for (connection, values) in zip(layer.connections, averages) {
      guard let worth = source?.worth(of: connection.source, layers) else { return nil }
      let row = max(1, values.count / max(1, fit.samples.count * worth.count))
      scaled.append(values.indices.map { values[$0] * worth[$0 / row % worth.count] })
    }
    let shape = { (source: Source) in program.shape(of: source) }
    var other = layer
    other.connections = connections
    return WeightRounding(
      source: try fit.missing(other, scaled, reference, shape),
      program: try fit.missing(layer, averages, reference, shape))
  }
}

extension Explainer {
  /// The explanation with what the weights of its population take of their width.
  func measured(_ explanation: LayerExplanation, _ index: Int) -> LayerExplanation {
    var explanation = explanation
    for connection in program.incoming(index) {
      let largest = connection.synapses.weights.values.map(\.magnitude).max() ?? 0
      let used = UInt16.bitWidth - largest.leadingZeroBitCount + 1
      guard connection.weightBits >= explanation.declaredBits else { continue }
      explanation.usedBits = max(explanation.usedBits, used)
      explanation.declaredBits = connection.weightBits
    }
    return explanation
  }
}
