/// How a population ended a sample, each array in the order of its shape.
public struct PopulationState: Sendable, Hashable {
  /// The sum of each neuron's payloads.
  public let payloads: [Int64]
  /// Each neuron's membrane after its last tick.
  public let membranes: [Int32]
}
