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
        sum.0 + weights.count, sum.1 + weights.count - weights.nonzeroCount
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
      bits += connection.synapses.weights.count * connection.weightBits
    }
    for population in populations {
      bits += population.biases.values.count * population.biasBits
      bits += population.initial.values.count * population.membraneBits
      bits += population.thresholds.values.count * population.membraneBits
      if case .compensated(let compensation) = population.model {
        bits += compensation.function.storedValues * Int32.bitWidth
      }
    }
    return (bits + 7) / 8
  }

  /// Multiplications of a dense execution of one tick, zeros and borders counted.
  public var denseOperationsPerTick: Int {
    let weighted = connections.reduce(0) { $0 + denseOperationsPerTick(of: $1) }
    return weighted + populations.reduce(0) { $0 + $1.multiplicationsPerTick }
  }

  /// Those of one of its connections.
  public func denseOperationsPerTick(of connection: Connection) -> Int {
    let weights = connection.synapses.weights
    let outputs = populations[connection.target].shape.count
    return outputs * (weights.count / max(1, weights.shape[0]))
  }
}

extension Population {
  /// The width that the membrane's ceiling and a sign need.
  public var membraneBits: Int {
    Int32.bitWidth - membrane.upperBound.leadingZeroBitCount + 1
  }

  /// The multiplications that compensated neurons do in one tick beside their synapses: one for
  /// each term of a product, a piece of a table or a payload's own unit, two for a neuron that is
  /// normalized (its square, its gain) or shares (its exponential, its gain).
  public var multiplicationsPerTick: Int {
    guard case .compensated(let compensation) = model else { return 0 }
    let products =
      switch compensation.drive {
      case .synapses: 0
      case .product(let product): product.multiplications
      }
    switch compensation.function {
    case .identity, .table: return products + shape.count
    case .normalization, .softmax: return products + 2 * shape.count
    }
  }
}

extension CompensatedFunction {
  /// The integers that the function needs.
  var storedValues: Int {
    switch self {
    case .identity: 0
    case .table(let table): table.values.count
    case .normalization(let norm): norm.gains.values.count + norm.offsets.values.count
    case .softmax(let softmax): softmax.values.count
    }
  }
}
