internal import CSpikeKernels
internal import SynapackSupport

/// One channel's neurons, in units of the membrane, and what a payload stands for.
struct FittedNeuron: Sendable, Hashable {
  var threshold: Float
  var initial: Float
  var bias: Float
  /// a, in the unit of the source network.
  var amplitude: Float
  /// Σ (y − a·n/T)² over Σ y².
  var error: Double
  /// What its payloads cost beside the error.
  var cost = 0.0
  /// Whether it is to say nothing, whatever it hears.
  var isSilent = false
}

/// Chooses threshold, initial membrane and bias of one channel by trying them.
///
///     min over θ, v₀, b, a   Σ (y − (a/T)·n(θ, v₀, b))² / Σ y² + p·Σ |n| / (N·T),   a = T·Σ n·y / Σ n²
///
/// y: the value that a neuron stands for in the source network; n: the sum of its payloads when it
/// hears, tick by tick, what the layers before it really send; T: the ticks; N: the neurons tried;
/// p: what a payload in every tick costs (``SpikePrice``). A grid over θ and v₀
/// comes first, then rounds of seeded random steps about the best so far, each half as wide as the
/// one before it or a little more. As a is solved and not tied to θ, a neuron may wait or hurry:
/// what counts is that its payloads tell values apart.
struct NeuronSearch {
  let ladder: Ladder
  let timesteps: Int
  /// How often the bias acts in each tick of the window.
  let biasTicks: [Float]
  /// The largest threshold, initial membrane and bias that the program's widths hold.
  let limits: (membrane: Float, bias: Float)
  /// Whether the threshold stays that of the start, as where a layer shares one.
  var keepsThreshold = false
  /// Whether membranes start at zero and only thresholds and biases are chosen.
  var startsAtZero = false
  /// The relative error that one payload in every tick is worth; 0 for spikes that cost nothing.
  var price = 0.0

  /// The payloads that may be sent in a tick.
  struct Ladder: Sendable {
    var lower: Int
    var upper: Int
    var memory: Bool
    /// Whether a payload sets the membrane to zero.
    var forgets = false
  }

  private static let fractions: [Float] = [0.1, 0.15, 0.2, 0.27, 0.35, 0.45, 0.6, 0.8, 1]
  private static let starts: [Float] = [0.1, 0.3, 0.5, 0.7, 0.9]
  private static let rounds = 10
  private static let tries = 40
  private static let narrowing: Float = 0.65

  /// - Parameters:
  ///   - inputs: Σ w·s of every tick, [ticks][neurons], in units of the membrane.
  ///   - targets: y of those neurons.
  ///   - unit: what one unit of the membrane stands for.
  ///   - start: the neuron as balancing left it; tried too.
  func best(
    inputs: [Float], targets: [Float], unit: Float, start: FittedNeuron, seed: UInt64
  ) -> FittedNeuron {
    let power = targets.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard power > 0 else { return silent(start) }
    let magnitudes = targets.map(\.magnitude)
    let robust = Percentile.robustMaximum(magnitudes)
    let reach = (robust > 0 ? robust : magnitudes.max() ?? 0) / unit
    var candidates = [synapack_neuron(start)]
    let thresholds =
      keepsThreshold
      ? [start.threshold]
      : NeuronSearch.fractions.map { max(1, $0 * reach / Float(ladder.upper)) }
    for threshold in thresholds {
      for initial in startsAtZero ? [0] : NeuronSearch.starts {
        candidates.append(
          synapack_neuron(threshold: threshold, initial: threshold * initial, bias: start.bias))
      }
    }
    var best = start
    best.error = .infinity
    choose(candidates, inputs, targets, power, &best)
    var generator = SeededGenerator(seed: seed)
    var width: Float = 0.4
    for _ in 0..<NeuronSearch.rounds {
      let steps = (0..<NeuronSearch.tries).map { _ in
        step(from: best, width: width, &generator)
      }
      choose(steps, inputs, targets, power, &best)
      width *= NeuronSearch.narrowing
    }
    // Silence explains nothing and costs nothing.
    return best.error + best.cost > 1 ? silent(start) : best
  }

  /// A neuron that has nothing to say and should say nothing.
  private func silent(_ start: FittedNeuron) -> FittedNeuron {
    var neuron = start
    if !keepsThreshold { neuron.threshold = limits.membrane }
    neuron.initial = 0
    neuron.bias = 0
    neuron.isSilent = true
    neuron.error = 0
    neuron.cost = 0
    return neuron
  }

  private func step(
    from best: FittedNeuron, width: Float, _ generator: inout SeededGenerator
  ) -> synapack_neuron {
    let factor = 1 + width * NeuronSearch.bell(&generator) * 0.7
    let threshold =
      keepsThreshold
      ? best.threshold : min(max(1, best.threshold * max(0.2, factor)), limits.membrane)
    let moved = best.initial / best.threshold + width * NeuronSearch.bell(&generator)
    let start = startsAtZero ? 0 : moved
    let bias = best.bias + best.threshold * width * 0.5 * NeuronSearch.bell(&generator)
    return synapack_neuron(
      threshold: threshold.rounded(),
      initial: min(max(threshold * start, -limits.membrane), limits.membrane).rounded(),
      bias: min(max(bias, -limits.bias), limits.bias).rounded())
  }

  private func choose(
    _ candidates: [synapack_neuron], _ inputs: [Float], _ targets: [Float], _ power: Double,
    _ best: inout FittedNeuron
  ) {
    let rounded = candidates.map {
      synapack_neuron(
        threshold: max(1, $0.threshold.rounded()), initial: $0.initial.rounded(),
        bias: $0.bias.rounded())
    }
    for (neuron, moments) in zip(rounded, moments(rounded, inputs, targets)) {
      guard moments.power > 0 else { continue }
      let error = 1 - moments.product * moments.product / (moments.power * power)
      let amplitude = moments.product / moments.power
      let cost = price * moments.payloads / Double(targets.count * timesteps)
      // A payload that would have to stand for less than nothing tells nothing.
      guard error + cost < best.error + best.cost, amplitude > 0 else { continue }
      best = FittedNeuron(
        threshold: neuron.threshold, initial: neuron.initial, bias: neuron.bias,
        amplitude: Float(amplitude) * Float(timesteps), error: error, cost: cost)
    }
  }

  func moments(
    _ candidates: [synapack_neuron], _ inputs: [Float], _ targets: [Float]
  ) -> [synapack_moments] {
    var result = Array(
      repeating: synapack_moments(product: 0, power: 0, payloads: 0), count: candidates.count)
    let ladder = synapack_ladder(ladder)
    unsafe inputs.withUnsafeBufferPointer { inputs in
      unsafe targets.withUnsafeBufferPointer { targets in
        unsafe biasTicks.withUnsafeBufferPointer { biasTicks in
          unsafe candidates.withUnsafeBufferPointer { candidates in
            unsafe result.withUnsafeMutableBufferPointer { result in
              unsafe synapack_try_neurons(
                inputs.baseAddress, biasTicks.baseAddress, timesteps, targets.baseAddress,
                targets.count, candidates.baseAddress, candidates.count, ladder,
                result.baseAddress)
            }
          }
        }
      }
    }
    return result
  }

  /// A number of mean 0 and variance 1, nearly normal: the sum of twelve uniform ones.
  private static func bell(_ generator: inout SeededGenerator) -> Float {
    var sum: Float = -6
    for _ in 0..<12 { sum += generator.unitFloat() }
    return sum
  }
}

extension synapack_neuron {
  init(_ neuron: FittedNeuron) {
    self.init(threshold: neuron.threshold, initial: neuron.initial, bias: neuron.bias)
  }
}

extension synapack_ladder {
  init(_ ladder: NeuronSearch.Ladder) {
    self.init(
      lower: Float(ladder.lower), upper: Float(ladder.upper), memory: ladder.memory ? 1 : 0,
      forgets: ladder.forgets ? 1 : 0)
  }
}
