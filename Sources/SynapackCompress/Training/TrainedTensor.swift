/// A weight of the student that training may change, and what it must keep to.
public struct TrainedTensor: Sendable {
  /// The name in the student's weight store.
  public var name: String
  /// The elements that stay zero, `false` at their places; empty where none does.
  public var mask: [Bool]
  /// The values that its elements may have in the forward pass.
  public var grid: TrainedGrid
  /// What a trained parameter of 1 is worth, for all elements or for each: with Adam, a step of rate
  /// η moves an element by up to η·unit.
  public var units: [Float]
  /// A bound that no element falls below, as a threshold needs.
  public var least: Float?
  /// Further weights that are held at a factor of this one, as a start at half the threshold is.
  public var followers: [(name: String, factor: Float)]

  public init(
    _ name: String, mask: [Bool] = [], grid: TrainedGrid = .free, units: [Float] = [1],
    least: Float? = nil, followers: [(name: String, factor: Float)] = []
  ) {
    self.name = name
    self.mask = mask
    self.grid = grid
    self.units = units
    self.least = least
    self.followers = followers
  }
}
