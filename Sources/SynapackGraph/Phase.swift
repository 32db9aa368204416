/// What is known about a graph. A phase has no instances; it only narrows ``Graph``.
public protocol Phase: Sendable {
  /// The name used in messages.
  static var name: String { get }
  /// Whether a graph of this phase may hold `op`.
  static func allows(_ op: Op) -> Bool
}

/// Activations are real numbers.
public enum Analog: Phase {
  public static let name = "analog"

  public static func allows(_ op: Op) -> Bool {
    // What acts in time has no place among values.
    if case .spike = op { return false }
    if case .neuron = op { return false }
    if case .delay = op { return false }
    return true
  }
}

/// Activations are spikes in time: linear operators, and operators on running means, between
/// populations of spiking neurons.
public enum Spiking: Phase {
  public static let name = "spiking"

  public static func allows(_ op: Op) -> Bool {
    switch op {
    case .spike, .neuron, .delay, .convolution, .linear, .add, .channelAffine, .concat, .constant,
      .pad, .reshape, .transpose, .scale, .windowSum:
      true
    // Each of these stands right before the neurons that send its running result.
    case .activation, .layerNormalization, .matrixProduct, .softmax: true
    case .averagePool, .batchNormalization, .binary, .clip, .convolutionTranspose,
      .dequantization, .groupNormalization, .localResponseNormalization, .maxPool, .quantization,
      .reduce, .relu, .select, .slice, .tile, .volumeConvolution, .volumePool, .where:
      false
    }
  }
}
