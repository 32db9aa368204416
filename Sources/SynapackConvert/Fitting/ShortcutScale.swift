internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Scales what a shortcut passes on, one factor a channel, for what its source really sends.
///
///     g ← g·(1 + δ),   δ = Σ m·g / Σ g²
///
/// g: what the shortcut adds to a neuron, averaged over the ticks; m: what is missing there. A
/// source whose payloads carry errors is worth less than its values were; solved weights learn that
/// by themselves, and a shortcut has but this one factor. It is kept where it explains samples that
/// did not decide it.
extension LayerwiseFit {
  /// The largest δ; beyond it a channel is broken rather than noisy.
  private static let limit = 0.5

  /// What each shortcut adds at first, [samples][neurons], by the place of its connection.
  func passed(
    _ layer: FitLayer, _ averages: [[Float]], _ sources: (Source) -> Shape
  ) throws(PackError) -> [(index: Int, values: [Float])] {
    var passed: [(index: Int, values: [Float])] = []
    for index in layer.connections.indices where layer.connections[index].passes != nil {
      var alone = layer
      alone.connections = [layer.connections[index]]
      alone.bias = layer.bias.map { _ in 0 }
      let nothing = Array(repeating: Float(0), count: samples.count * layer.shape.count)
      // Nothing less what the shortcut adds.
      let turned = try missing(alone, [averages[index]], nothing, sources)
      passed.append((index, turned.map { -$0 }))
    }
    return passed
  }

  /// Scales every shortcut; `passed` holds what each adds, and what is missing follows.
  func rescale(
    _ layer: inout FitLayer, _ passed: inout [(index: Int, values: [Float])],
    _ missing: inout [Float]
  ) {
    let neurons = layer.shape.count
    let cells = max(1, neurons / max(1, layer.bias.count))
    for place in passed.indices {
      let index = passed[place].index
      let factors = factors(missing, passed[place].values, channels: layer.bias.count)
      let row = layer.connections[index].weights.count / max(1, factors.count)
      for weight in layer.connections[index].weights.indices {
        layer.connections[index].weights[weight] *= factors[weight / max(1, row)]
      }
      for at in missing.indices {
        let before = passed[place].values[at]
        let after = before * factors[at % neurons / cells]
        missing[at] += before - after
        passed[place].values[at] = after
      }
    }
  }

  private func factors(_ missing: [Float], _ passed: [Float], channels: Int) -> [Float] {
    let neurons = missing.count / max(1, samples.count)
    let cells = max(1, neurons / max(1, channels))
    // Σ m·g and Σ g² of each channel, apart for the samples that it is solved on and those that decide
    // whether it is kept.
    var products = Array(repeating: (seen: 0.0, heldOut: 0.0), count: channels)
    var powers = products
    for sample in 0..<samples.count {
      let role = roles.role(of: sample)
      guard role != .judges else { continue }
      for neuron in 0..<neurons {
        let (m, g) = (missing[sample * neurons + neuron], passed[sample * neurons + neuron])
        let channel = neuron / cells
        if role == .decides {
          products[channel].heldOut += Double(m * g)
          powers[channel].heldOut += Double(g * g)
        } else {
          products[channel].seen += Double(m * g)
          powers[channel].seen += Double(g * g)
        }
      }
    }
    return zip(products, powers).map { product, power in
      guard power.seen > 0 else { return 1 }
      let change = min(max(product.seen / power.seen, -Self.limit), Self.limit)
      // The change of Σ (m − δ·g)² on the samples that decide.
      let gained = change * change * power.heldOut - 2 * change * product.heldOut
      return gained < 0 ? Float(1 + change) : 1
    }
  }
}
