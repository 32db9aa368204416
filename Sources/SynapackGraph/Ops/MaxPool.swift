public import SynapackSupport
public import SynapackTensor

/// The largest value under each position of a window.
///
///     y[c, p] = max_k x[c, stride·p + dilation·k − padding]
///
/// p, k: positions in the output and the kernel; cells outside the input do not take part.
public struct MaxPool: OpPayload {
  public static let name = "maxPool"

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
      result.values[output] = cells.lazy.map { input.values[$0] }.max() ?? 0
    }
    return result
  }
}

extension OpPayload {
  /// The shape after a window has passed over each channel.
  func pooledShape(_ input: Shape, _ window: Window) throws(PackError) -> Shape {
    let (channels, height, width) = try planes(input)
    guard let extent = window.outputExtent(of: Extent(y: height, x: width)) else {
      throw wrongShape("the window does not fit an input of \(height)×\(width)")
    }
    return try Shape(input.rank == 2 ? [channels, extent.x] : [channels, extent.y, extent.x])
  }

  /// Calls `body` with each output index and the input indices under its window.
  func forEachWindow(
    _ input: Shape, _ output: Shape, _ window: Window, _ body: (Int, [Int]) -> Void
  ) throws(PackError) {
    let (channels, height, width) = try planes(input)
    let (_, rows, columns) = try planes(output)
    for channel in 0..<channels {
      for y in 0..<rows {
        for x in 0..<columns {
          var cells: [Int] = []
          for ky in 0..<window.kernel.y {
            let row = y * window.stride.y + ky * window.dilation.y - window.padding.top
            guard (0..<height).contains(row) else { continue }
            for kx in 0..<window.kernel.x {
              let column = x * window.stride.x + kx * window.dilation.x - window.padding.left
              guard (0..<width).contains(column) else { continue }
              cells.append((channel * height + row) * width + column)
            }
          }
          body((channel * rows + y) * columns + x, cells)
        }
      }
    }
  }
}
