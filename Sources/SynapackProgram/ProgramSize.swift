internal import SynapackTensor

extension SpikingProgram {
  /// The number of neurons that can fire.
  public var firingNeurons: Int {
    populations.reduce(0) { sum, population in
      population.payloads == 0...0 ? sum : sum + population.shape.count
    }
  }

  /// The number of neurons of all populations.
  public var neurons: Int { populations.reduce(0) { $0 + $1.shape.count } }

  /// The number of stored weights and how many of them are zero.
  public var weightCounts: (all: Int, zero: Int) {
    connections.reduce((0, 0)) { sum, connection in
      let weights = connection.synapses.weights
      return (
        sum.0 + weights.values.count, sum.1 + weights.values.count - weights.nonzeroCount
      )
    }
  }

  /// The share of stored weights that are zero.
  public var connectionSparsity: Double {
    let (all, zero) = weightCounts
    return all > 0 ? Double(zero) / Double(all) : 0
  }

  /// Bytes of all parameters at their declared widths, zeros counted: weights, thresholds, biases
  /// and initial membranes, as NeuroBench counts a footprint.
  public var footprintBytes: Int {
    var bits = 0
    for connection in connections {
      bits += connection.synapses.weights.values.count * connection.weightBits
    }
    for population in populations {
      let membraneBits = Int32.bitWidth - population.membrane.upperBound.leadingZeroBitCount + 1
      bits += population.biases.values.count * population.biasBits
      bits += population.initial.values.count * membraneBits
      bits += population.thresholds.values.count * membraneBits
    }
    return (bits + 7) / 8
  }

  /// Multiplications of a dense execution of one tick, zeros and borders counted.
  public var denseOperationsPerTick: Int {
    connections.reduce(0) { sum, connection in
      let weights = connection.synapses.weights
      let outputs = populations[connection.target].shape.count
      return sum + outputs * (weights.values.count / max(1, weights.shape[0]))
    }
  }
}
