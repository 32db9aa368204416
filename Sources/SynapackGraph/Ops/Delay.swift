public import SynapackSupport
public import SynapackTensor

/// Values that arrive some ticks later.
///
///     y[t] = x[t − d]  for t ≥ d, 0 before
///
/// t: the tick; d: `ticks`, whole and not negative, one number, one a channel or one a value.
///
/// A constant input, which ``evaluate(_:_:)`` is about, is the same once it has arrived.
public struct Delay: OpPayload {
  public static let name = "delay"

  public var ticks: String

  public init(ticks: String) {
    self.ticks = ticks
  }

  public var weightNames: [String] { [ticks] }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    let delays = try weights.tensor(ticks)
    let count = delays.shape.count
    guard count == 1 || count == input.dimensions.first ?? 1 || count == input.count else {
      throw wrongShape("`\(ticks)` has \(count) values for \(input)")
    }
    guard delays.floats().allSatisfy({ $0 >= 0 && $0 == $0.rounded() && $0 < 0x1p24 }) else {
      throw wrongShape("`\(ticks)` has delays that are no whole number of ticks")
    }
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    _ = try outputShape([input.shape], weights)
    return input
  }
}
