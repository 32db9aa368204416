/// A weight of the student that training may change, and what it must keep to.
public struct TrainedTensor: Sendable {
  /// The name in the student's weight store.
  public var name: String
  /// The elements that stay zero, `false` at their places; empty where none does.
  public var mask: [Bool]
  /// Trains through a grid of so many bits, one step a row; see ``FakeQuantization``.
  public var bits: Int?
  /// A bound that no element falls below, as a threshold needs.
  public var least: Float?
  /// Further weights that are held at a factor of this one, as a start at half the threshold is.
  public var followers: [(name: String, factor: Float)]

  public init(
    _ name: String, mask: [Bool] = [], bits: Int? = nil, least: Float? = nil,
    followers: [(name: String, factor: Float)] = []
  ) {
    self.name = name
    self.mask = mask
    self.bits = bits
    self.least = least
    self.followers = followers
  }
}
