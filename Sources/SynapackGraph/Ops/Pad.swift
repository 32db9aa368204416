public import SynapackSupport
public import SynapackTensor

/// Zeros around a plane; negative edges crop.
///
///     y[c, p] = x[c, p − edges]  inside the input, 0 outside
public struct Pad: OpPayload {
  public static let name = "pad"

  public var edges: Edges

  public init(edges: Edges) {
    self.edges = edges
  }

  private var window: Window {
    Window(kernel: Extent(y: 1, x: 1), padding: edges)
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try pooledShape(single(inputs), window)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    try WindowSum(window: window).evaluate(inputs, weights)
  }
}
