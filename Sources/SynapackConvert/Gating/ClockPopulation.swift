internal import SynapackProgram
internal import SynapackSupport
internal import SynapackTensor

/// Neurons that fire in every tick from a given one on, and what they send.
enum ClockPopulation {
  /// θ of a clock neuron; its bias is as large.
  private static let threshold: Int32 = 1
  private static let prefix = "clock@"

  static func tick(of population: Population) -> Int? {
    guard population.name.hasPrefix(prefix) else { return nil }
    return Int(population.name.dropFirst(prefix.count))
  }

  /// `neurons` equal clock neurons that fire in every tick from `tick` on.
  static func population(tick: Int, neurons: Int) throws(PackError) -> Population {
    // v(t) = −f·θ + (t + 1)·θ reaches θ in tick f and, reset by θ, in every later one.
    Population(
      name: prefix + String(tick), shape: try Shape([neurons]),
      model: .integrateAndFire(FiringBehaviour(payloads: 0...1)),
      thresholds: Parameter([threshold]), biases: Parameter([threshold]),
      initial: Parameter([-Int32(tick) * threshold]), membrane: Population.membraneRange(bits: 24),
      biasBits: 2)
  }

  /// Weights by which all neurons of a clock together send `values`, one for all neurons of the
  /// target or one a channel.
  ///
  /// A clock has one position; a relay window of ones as large as the target's plane, padded to
  /// reach it from every cell, gives every cell of the target that one payload.
  static func connection(
    from clock: Int, neurons: Int, to index: Int, _ target: Population, values: [Int64]
  ) throws(PackError) -> Connection {
    let planes = target.shape.planes ?? (1, 1, 1)
    guard values.count == 1 || values.count == planes.channels else {
      throw PackError(
        .cannotGate, "its neurons have biases of their own",
        hint: "use a method with one bias a channel")
    }
    var weights: [Int16] = []
    for channel in 0..<planes.channels {
      let value = values[channel % values.count]
      // The same number of steps to each, the rest to the first ones: the sum is exact.
      let (share, rest) = value.quotientAndRemainder(dividingBy: Int64(neurons))
      for neuron in 0..<Int64(neurons) {
        let extra: Int64 = neuron < abs(rest) ? rest.signum() : 0
        weights.append(Int16(truncatingIfNeeded: share + extra))
      }
    }
    let integers = IntegerWeights(
      shape: try Shape([planes.channels, neurons, 1, 1]), values: weights)
    let plane = Extent(y: planes.height, x: planes.width)
    let relay = Window(
      kernel: plane,
      padding: Edges(
        top: plane.y - 1, left: plane.x - 1, bottom: plane.y - 1, right: plane.x - 1))
    return Connection(
      source: .population(clock), target: index,
      relays: plane.y * plane.x > 1 ? [relay] : [],
      synapses: .convolution(
        integers, window: Window(kernel: Extent(y: 1, x: 1)), groups: 1),
      weightBits: 16)
  }
}
