public import SynapackSupport
internal import SynapackTensor

extension SpikingProgram {
  /// For each population, a proved bound of |Σ w·s_in + b| in any one tick.
  ///
  ///     bound(o) = |b(o)| + Σ_connections |s|max · Π relays |window| · Σ_taps |w(o, ·)|
  ///
  /// The largest bound over the population's channels is returned. A simulator may use 32-bit
  /// sums exactly where this number allows it.
  ///
  /// - Throws: `SYN0403` where a bound leaves 62 bits.
  public func inputBounds() throws(PackError) -> [Int64] {
    var bounds: [Int64] = []
    for (index, population) in populations.enumerated() {
      var perChannel: [Int64] = []
      for connection in connections where connection.target == index {
        let weights = connection.synapses.weights
        let channels = weights.shape[0]
        let payloads = payloads(of: connection.source)
        var factor = Int64(max(-payloads.lowerBound, payloads.upperBound))
        for relay in connection.relays {
          factor = try bounded(factor.times(Int64(relay.kernel.y * relay.kernel.x)))
        }
        let summary = weights.summary
        if perChannel.isEmpty { perChannel = Array(repeating: 0, count: channels) }
        for channel in 0..<min(summary.rises.count, perChannel.count) {
          // |w| of less than 2^16, so that no number of weights leaves 62 bits.
          let sum = summary.rises[channel] - summary.falls[channel]
          let reach = try bounded(sum.times(factor))
          perChannel[channel] = try bounded(perChannel[channel].adding(reach))
        }
      }
      let bias = population.biases.values.map { abs(Int64($0)) }.max() ?? 0
      bounds.append(try bounded((perChannel.max() ?? 0).adding(bias)))
    }
    return bounds
  }

  private func bounded(_ value: Int64?) throws(PackError) -> Int64 {
    guard let value, value < 1 << 62 else {
      throw PackError(
        .accumulatorOverflow, "the input of a neuron in one tick could leave 62 bits",
        hint: "lower the weight bits or the payload range")
    }
    return value
  }
}
