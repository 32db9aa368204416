/// What one core takes of neurons without a structure.
public struct CoreLimits: Sendable, Hashable {
  /// The most neurons.
  public var neurons: Int
  /// The most distinct neurons that one core hears.
  public var inboundAxons: Int

  public init(neurons: Int, inboundAxons: Int) {
    self.neurons = neurons
    self.inboundAxons = inboundAxons
  }
}

/// The part of each neuron; a part takes one core.
public struct NeuronPartition: Sendable, Hashable {
  public var part: [Int32]
  public var parts: Int

  public init(part: [Int32], parts: Int) {
    self.part = part
    self.parts = parts
  }

  /// Neurons in their order, cut where a core is full; `nil` where one neuron hears more than a
  /// core takes.
  ///
  /// Source: Jin et al. 2023.
  public static func sequential(
    _ network: NeuronNetwork, _ limits: CoreLimits
  ) -> NeuronPartition? {
    guard limits.neurons > 0 else { return nil }
    let heard = network.targets.transposed(count: network.count)
    var part = [Int32](repeating: 0, count: network.count)
    var stamp = [Int32](repeating: -1, count: network.count)
    var (open, neurons, axons): (Int32, Int, Int) = (0, 0, 0)
    for neuron in 0..<network.count {
      let sources = heard.values[heard.row(neuron)]
      var more = sources.count { stamp[Int($0)] != open }
      if neurons + 1 > limits.neurons || axons + more > limits.inboundAxons {
        guard sources.count <= limits.inboundAxons else { return nil }
        (open, neurons, axons) = (open + 1, 0, 0)
        more = sources.count
      }
      for source in sources { stamp[Int(source)] = open }
      part[neuron] = open
      neurons += 1
      axons += more
    }
    return NeuronPartition(part: part, parts: network.count == 0 ? 0 : Int(open) + 1)
  }

  /// By the overlap of what neurons hear: a part opens with the free neuron whose events reach the
  /// most; then always the free neuron that adds the fewest inbound axons. `nil` where one neuron
  /// hears more than a core takes.
  ///
  /// Source: Ronzani and Silvano 2026.
  public static func overlap(
    _ network: NeuronNetwork, _ limits: CoreLimits
  ) -> NeuronPartition? {
    guard limits.neurons > 0 else { return nil }
    var growth = OverlapGrowth(network, limits)
    return growth.run()
  }
}
