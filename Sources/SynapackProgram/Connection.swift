public import SynapackTensor

/// Synapses from one source to one population.
///
/// A payload first passes the relays, which only change its address (sum-pooling, cropping and
/// padding, picking cells), then meets the weights. Chips do both when they route an event.
public struct Connection: Sendable, Hashable {
  public var source: Source
  public var target: Int
  /// Windows of ones: output cell p receives Σ_k x[stride·p + k − padding], in this order.
  public var relays: [Window]
  public var synapses: Synapses
  /// The declared width of the weights in bits, sign included.
  public var weightBits: Int

  public init(
    source: Source, target: Int, relays: [Window] = [], synapses: Synapses, weightBits: Int
  ) {
    self.source = source
    self.target = target
    self.relays = relays
    self.synapses = synapses
    self.weightBits = weightBits
  }
}

/// The weights of a connection and how they are shared.
public enum Synapses: Sendable, Hashable {
  /// Weights [O, I]: input neuron i, counted row-major after the relays, drives neuron o.
  case dense(IntegerWeights)
  /// Weights [O, I, kH, kW]: cross-correlation in `groups` groups, shared over the plane.
  case convolution(IntegerWeights, window: Window, groups: Int)

  public var weights: IntegerWeights {
    switch self {
    case .dense(let weights): weights
    case .convolution(let weights, _, _): weights
    }
  }
}
