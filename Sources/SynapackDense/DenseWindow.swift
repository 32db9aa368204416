internal import SynapackGraph
internal import SynapackTensor

/// Pooling of every kind: one value under each position of a window.
struct DenseWindow: Sendable {
  /// What becomes of the cells under the window.
  enum Reduction: Sendable {
    case maximum
    case sum
    /// The sum times one factor for each position of the output plane.
    case mean([Float])
  }

  private let window: Window
  private let reduction: Reduction
  private let channels: Int
  private let input: Extent
  private let output: Extent

  init(_ window: Window, _ reduction: Reduction, input: Shape, output: Shape) {
    let from = input.planes ?? (0, 0, 0)
    let to = output.planes ?? (0, 0, 0)
    self.window = window
    self.reduction = reduction
    channels = from.channels
    self.input = Extent(y: from.height, x: from.width)
    self.output = Extent(y: to.height, x: to.width)
  }

  func run(_ samples: [Float], count: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count * channels * output.y * output.x)
    for plane in 0..<count * channels {
      for y in 0..<output.y {
        for x in 0..<output.x {
          result.append(value(samples, plane * input.y * input.x, y, x))
        }
      }
    }
    return result
  }

  private func value(_ samples: [Float], _ base: Int, _ y: Int, _ x: Int) -> Float {
    var sum: Float = 0
    var peak = -Float.infinity
    for ky in 0..<window.kernel.y {
      let row = y * window.stride.y + ky * window.dilation.y - window.padding.top
      guard row >= 0, row < input.y else { continue }
      for kx in 0..<window.kernel.x {
        let column = x * window.stride.x + kx * window.dilation.x - window.padding.left
        guard column >= 0, column < input.x else { continue }
        let cell = samples[base + row * input.x + column]
        sum += cell
        peak = max(peak, cell)
      }
    }
    switch reduction {
    case .maximum: return peak == -.infinity ? 0 : peak
    case .sum: return sum
    case .mean(let factors): return sum * factors[y * output.x + x]
    }
  }
}
