internal import CSpikeKernels
internal import SynapackSupport

/// Tries other parameters on neurons whose payloads keep what they stand for.
struct NeuronTrial: Sendable {
  let ladder: NeuronSearch.Ladder
  let timesteps: Int
  let biasTicks: [Float]
  /// The largest membrane potential.
  let limit: Float

  /// The best candidate of every channel, and what it leaves.
  struct Outcome: Sendable {
    var best: [FittedNeuron]
    /// Σ (y − a·n/T)² over all channels.
    var missed: Double
    /// Σ y²
    var power: Double

    var relative: Double { power > 0 ? (missed / power).squareRoot() : 0 }
  }

  /// Takes for each channel the candidate with the least error; the first of equals.
  func errors(
    _ seen: NeuronObservations, _ candidates: [[FittedNeuron]], _ threads: Int
  ) -> Outcome {
    let channels =
      (try? parallelUnits(count: candidates.count, threads: threads) {
        (channel) throws(PackError) -> (FittedNeuron, Double, Double) in
        leastError(seen.inputs(channel), seen.targets(channel), candidates[channel])
      }) ?? []
    return Outcome(
      best: channels.map(\.0), missed: channels.reduce(0) { $0 + $1.1 },
      power: channels.reduce(0) { $0 + $1.2 })
  }

  private func leastError(
    _ inputs: [Float], _ targets: [Float], _ candidates: [FittedNeuron]
  ) -> (FittedNeuron, Double, Double) {
    let power = targets.reduce(0.0) { $0 + Double($1) * Double($1) }
    let search = NeuronSearch(
      ladder: ladder, timesteps: timesteps, biasTicks: biasTicks, limits: (limit, limit))
    let moments = search.moments(candidates.map { synapack_neuron($0) }, inputs, targets)
    var best = (candidates[0], Double.infinity, power)
    for (neuron, moment) in zip(candidates, moments) {
      let worth = Double(neuron.amplitude) / Double(timesteps)
      let error = power - 2 * worth * moment.product + worth * worth * moment.power
      if error < best.1 { best = (neuron, error, power) }
    }
    return best
  }

  /// Thresholds times a factor, alone and with the initial membranes; and the threshold whose reset
  /// takes what a payload stands for, however far from it the neuron's own is.
  ///
  ///     θ* = a/u,  v₀ as it is or θ*/2
  ///
  /// a: what a payload stands for; u: what 1 of the membrane stands for.
  func scaled(_ neuron: FittedNeuron, unit: Float) -> [FittedNeuron] {
    func other(_ threshold: Float, _ initial: Float) -> FittedNeuron {
      var other = neuron
      other.threshold = min(max(1, threshold.rounded()), limit)
      other.initial = min(max(initial.rounded(), -limit), limit)
      return other
    }
    let factors = (-20...20).map { Float($0).exponential }
    let own = neuron.amplitude / unit
    return [neuron]
      + factors.map { other(neuron.threshold * $0, neuron.initial * $0) }
      + factors.map { other(neuron.threshold * $0, neuron.initial) }
      + (own.isFinite && own > 0 ? [other(own, neuron.initial), other(own, own / 2)] : [])
  }

  /// Biases moved by parts of the threshold, and turned.
  func moved(_ neuron: FittedNeuron, limit: Float) -> [FittedNeuron] {
    let steps = (-16...16).map { neuron.bias + neuron.threshold * Float($0) / 8 }
    let turns = (-8...8).map { neuron.bias * Float($0) / 4 }
    return [neuron]
      + (steps + turns).map { bias in
        var other = neuron
        other.bias = min(max(bias.rounded(), -limit), limit)
        return other
      }
  }
}

extension Float {
  /// 1.15 to the power of the number, which is whole, without a library's rounding.
  fileprivate var exponential: Float {
    let base: Float = self < 0 ? 1 / 1.15 : 1.15
    return (0..<Int(magnitude)).reduce(Float(1)) { power, _ in power * base }
  }
}
