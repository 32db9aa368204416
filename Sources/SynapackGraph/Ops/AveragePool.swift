public import SynapackSupport
public import SynapackTensor

/// The mean under each position of a window; global pooling is a window over the whole plane.
///
///     y[c, p] = (1 / n[p]) · Σ_k x[c, stride·p + k − padding]
///
/// n[p]: the number of cells under the window that lie in the input, or, with `countsPadding`, in
/// the input and its padding. Cells of the overhang never count.
public struct AveragePool: OpPayload {
  public static let name = "averagePool"

  public var window: Window
  public var countsPadding: Bool

  public init(window: Window, countsPadding: Bool) {
    self.window = window
    self.countsPadding = countsPadding
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    try pooledShape(single(inputs), window)
  }

  /// The divisor n at each position of the output plane, row-major.
  ///
  /// - Throws: `SYN0210` where a window lies wholly outside, so that its mean has no value.
  public func divisors(input: Shape) throws(PackError) -> [Int] {
    let (_, height, width) = try planes(input)
    let (_, rows, columns) = try planes(pooledShape(input, window))
    let padding = window.padding
    let top = countsPadding ? -padding.top : 0
    let left = countsPadding ? -padding.left : 0
    let bottom = height + (countsPadding ? padding.bottom : 0)
    let right = width + (countsPadding ? padding.right : 0)
    var divisors: [Int] = []
    for y in 0..<rows {
      let first = y * window.stride.y - padding.top
      let inside = AveragePool.cells(first, window.kernel.y, window.dilation.y, top, bottom)
      for x in 0..<columns {
        let start = x * window.stride.x - padding.left
        divisors.append(
          inside * AveragePool.cells(start, window.kernel.x, window.dilation.x, left, right))
      }
    }
    guard divisors.allSatisfy({ $0 > 0 }) else {
      throw wrongShape("a window of the pooling lies wholly in the padding")
    }
    return divisors
  }

  private static func cells(
    _ first: Int, _ count: Int, _ step: Int, _ lower: Int, _ upper: Int
  ) -> Int {
    (0..<count).count { (lower..<max(lower, upper)).contains(first + $0 * step) }
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let divisors = try divisors(input: input.shape)
    try forEachWindow(input.shape, result.shape, window) { output, cells in
      let sum = cells.reduce(Float(0)) { $0 + input.values[$1] }
      result.values[output] = sum / Float(divisors[output % divisors.count])
    }
    return result
  }
}
