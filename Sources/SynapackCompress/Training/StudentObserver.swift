public import SynapackGraph
public import SynapackSupport

/// What some wires of a student really carry.
public struct Observation: Sendable {
  /// The values of wires, the samples one after the other.
  public var given: [WireID: [Float]] = [:]
  /// Wires whose values nothing needs, as what they feed is given.
  public var unread: Set<WireID> = []

  public init(given: [WireID: [Float]] = [:], unread: Set<WireID> = []) {
    self.given = given
    self.unread = unread
  }
}

/// Measures a student that a graph describes only roughly, so that the loss is that of the thing
/// itself while the graph lends its gradients.
public protocol StudentObserver<P>: Sendable {
  associatedtype P: Phase

  /// The output of the graph must be among what is given.
  func observe(_ samples: [Float], count: Int) throws(PackError) -> Observation
}
