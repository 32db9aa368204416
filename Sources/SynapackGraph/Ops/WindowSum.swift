public import SynapackSupport
public import SynapackTensor

/// The sum under each position of a window; with a 1×1 kernel it picks cells, with no overlap it
/// is the sum-pooling of neuromorphic chips.
///
///     y[c, p] = Σ_k x[c, stride·p + k − padding]
///
/// p, k: positions in the output and the kernel; cells outside the input are zero. Negative
/// padding crops.
public struct WindowSum: OpPayload {
  public static let name = "windowSum"

  public var window: Window

  public init(window: Window) {
    self.window = window
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try pooledShape(single(inputs), window)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    try forEachWindow(input.shape, result.shape, window) { output, cells in
      result.values[output] = cells.reduce(Float(0)) { $0 + input.values[$1] }
    }
    return result
  }
}
