public import SynapackConvert
internal import SynapackProgram
internal import SynapackTensor

/// How much each layer gives of what all of them together are to give.
///
///     score(w) = w² / Σ_{|w'| ≥ |w|} w'²,   w' of the same layer
///
/// The weights with the lowest scores of all layers go. A layer whose weights are alike gives more
/// than one that lives on a few, and no layer is emptied. Source: Lee et al., "Layer-adaptive
/// sparsity for the magnitude-based pruning", ICLR 2021, equation 3.
public enum LayerBudgets {
  /// The share that each population's incoming weights give, by its name, for `sparsity` of all.
  ///
  /// - Parameter lowered: the network before any compression. Shortcuts give nothing.
  public static func adaptive(_ lowered: LoweredProgram, sparsity: Double) -> [String: Double] {
    var scores: [(score: Double, layer: Int)] = []
    var counts = lowered.layers.map { _ in 0 }
    for index in lowered.program.populations.indices {
      let values = weights(lowered, index).map { Double($0) * Double($0) }.sorted(by: >)
      counts[index] = values.count
      var sum = 0.0
      for value in values {
        sum += value
        scores.append((sum > 0 ? value / sum : 0, index))
      }
    }
    scores.sort { ($0.score, $0.layer) < ($1.score, $1.layer) }
    var gone = counts.map { _ in 0 }
    for (_, layer) in scores.prefix(Int((Double(scores.count) * sparsity).rounded())) {
      gone[layer] += 1
    }
    var budgets: [String: Double] = [:]
    for (index, population) in lowered.program.populations.enumerated() where counts[index] > 0 {
      // The fit knows the readout under the name of no layer.
      let isReadout = index == lowered.program.readout.population
      let name = isReadout ? "" : population.name
      budgets[name] = Double(gone[index]) / Double(counts[index])
    }
    return budgets
  }

  /// The real weights that a population can give.
  private static func weights(_ lowered: LoweredProgram, _ index: Int) -> [Float] {
    let units = lowered.layers[index].unit
    var weights: [Float] = []
    for connection in lowered.program.incoming(index) where !connection.passesOn {
      let values = connection.synapses.weights.values
      let row = max(1, values.count / max(1, units.count))
      for (place, value) in values.enumerated() {
        weights.append(Float(value) * units[place / row])
      }
    }
    return weights
  }
}

extension Connection {
  /// Whether it only passes its source on: one weight a channel and no kernel.
  var passesOn: Bool {
    guard case .convolution(let weights, let window, let groups) = synapses else { return false }
    return groups > 1 && weights.shape.count == groups && window.kernel.y * window.kernel.x == 1
  }
}
