public import SynapackSupport
public import SynapackTensor

/// The one or the other input, place by place, as a constant mask says.
///
///     y[p] = a[p]  where mask[p] ≠ 0,  b[p] elsewhere
///
/// a, b: the inputs, stretched together with the mask to one shape as ``Shape/broadcast(with:)``
/// says.
public struct Where: OpPayload {
  public static let name = "where"

  public var mask: String

  public init(mask: String) {
    self.mask = mask
  }

  public var weightNames: [String] { [mask] }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let chosen = try weights.tensor(mask).shape
    guard inputs.count == 2, let both = inputs[0].broadcast(with: inputs[1]),
      let shape = both.broadcast(with: chosen)
    else {
      throw wrongShape(
        "where takes two inputs that stretch to one shape with the mask \(chosen), not \(inputs)")
    }
    return shape
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    var result = FloatArray(shape: try outputShape(inputs.map(\.shape), weights))
    let chosen = FloatArray(try weights.tensor(mask))
    for index in result.values.indices {
      let position = result.shape.position(at: index)
      let takesFirst = chosen.values[chosen.shape.index(stretchedTo: position)] != 0
      let source = inputs[takesFirst ? 0 : 1]
      result.values[index] = source.values[source.shape.index(stretchedTo: position)]
    }
    return result
  }
}
