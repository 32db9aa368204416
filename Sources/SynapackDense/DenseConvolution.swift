internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Convolution as one matrix product a sample and group: W [O/g × I·kH·kW] times the columns
/// [I·kH·kW × positions] that lie under the kernel; depthwise kernels are summed directly.
struct DenseConvolution: Sendable {
  private let weights: [Float]
  private let bias: [Float]
  private let window: Window
  private let groups: Int
  private let inputs: Int
  private let input: (channels: Int, height: Int, width: Int)
  private let output: (channels: Int, height: Int, width: Int)

  init(
    _ op: Convolution, input: Shape, output: Shape, _ store: WeightStore
  ) throws(PackError) {
    weights = try store.floats(op.weight)
    inputs = try store.tensor(op.weight).shape[1]
    window = op.window
    groups = op.groups
    self.input = input.planes ?? (0, 0, 0)
    self.output = output.planes ?? (0, 0, 0)
    bias = try op.bias.map { (name) throws(PackError) in try store.floats(name) } ?? []
  }

  func run(_ samples: [Float], count: Int) -> [Float] {
    let positions = output.height * output.width
    let taps = inputs * window.kernel.y * window.kernel.x
    let rows = output.channels / groups
    var result = Array(repeating: Float(0), count: count * output.channels * positions)
    var columns = Array(repeating: Float(0), count: isPlain ? 0 : taps * positions)
    var span = result.mutableSpan
    for sample in 0..<count {
      for group in 0..<groups {
        let channel = sample * input.channels + group * inputs
        let start = (sample * output.channels + group * rows) * positions
        fill(&span, from: start, rows: rows, firstChannel: group * rows, positions)
        if rows == 1, inputs == 1 {
          sumDirectly(samples, channel, into: &span, at: start, group)
        } else if isPlain {
          BLAS.multiply(
            m: rows, n: positions, k: taps, weights.span, at: group * rows * taps, samples.span,
            at: channel * positions, beta: 1, into: &span, at: start)
        } else {
          gather(samples, channel, into: &columns)
          BLAS.multiply(
            m: rows, n: positions, k: taps, weights.span, at: group * rows * taps, columns.span,
            at: 0, beta: 1, into: &span, at: start)
        }
      }
    }
    return result
  }

  /// A 1×1 kernel without stride or padding: the input itself is the matrix of columns.
  private var isPlain: Bool {
    window.kernel == Extent(y: 1, x: 1) && window.stride == Extent(y: 1, x: 1)
      && window.padding == Edges() && window.overhang == Extent(y: 0, x: 0)
  }

  private func fill(
    _ result: inout MutableSpan<Float>, from start: Int, rows: Int, firstChannel: Int,
    _ positions: Int
  ) {
    guard !bias.isEmpty else { return }
    for row in 0..<rows {
      for position in 0..<positions {
        result[start + row * positions + position] = bias[firstChannel + row]
      }
    }
  }

  /// Lays what lies under each kernel position in rows of `columns`, one a tap.
  private func gather(_ samples: [Float], _ firstChannel: Int, into columns: inout [Float]) {
    let (source, kernel) = (samples.span, window.kernel)
    var target = columns.mutableSpan
    var next = 0
    for i in 0..<inputs {
      let plane = (firstChannel + i) * input.height * input.width
      for ky in 0..<kernel.y {
        for kx in 0..<kernel.x {
          let first = kx * window.dilation.x - window.padding.left
          for y in 0..<output.height {
            let row = y * window.stride.y + ky * window.dilation.y - window.padding.top
            let inside = row >= 0 && row < input.height
            let base = plane + row * input.width
            for x in 0..<output.width {
              let column = first + x * window.stride.x
              target[next] =
                inside && column >= 0 && column < input.width ? source[base + column] : 0
              next += 1
            }
          }
        }
      }
    }
  }

  private func sumDirectly(
    _ samples: [Float], _ channel: Int, into result: inout MutableSpan<Float>, at start: Int,
    _ group: Int
  ) {
    let kernel = window.kernel
    let plane = channel * input.height * input.width
    for ky in 0..<kernel.y {
      for kx in 0..<kernel.x {
        let weight = weights[(group * kernel.y + ky) * kernel.x + kx]
        for y in 0..<output.height {
          let row = y * window.stride.y + ky * window.dilation.y - window.padding.top
          guard row >= 0, row < input.height else { continue }
          for x in 0..<output.width {
            let column = x * window.stride.x + kx * window.dilation.x - window.padding.left
            guard column >= 0, column < input.width else { continue }
            result[start + y * output.width + x] +=
              weight * samples[plane + row * input.width + column]
          }
        }
      }
    }
  }
}
