internal import SynapackTensor

/// The geometry of a window over up to three axes: which cells of the input lie under one tap of
/// the kernel, as runs along the last axis.
struct Sliding: Sendable {
  private let window: VolumeWindow
  private let input: [Int]
  private let output: [Int]
  /// The number of taps of the kernel.
  let taps: Int
  /// The number of cells of the input and of positions of the output.
  let cells: Int
  let positions: Int

  /// - Precondition: one to three axes, of which missing ones are added with the extent 1.
  init(_ window: VolumeWindow, input: [Int], output: [Int]) {
    let missing = max(0, 3 - window.rank)
    let ones = Array(repeating: 1, count: missing)
    let zeros = Array(repeating: 0, count: missing)
    self.window = VolumeWindow(
      kernel: ones + window.kernel, stride: ones + window.stride,
      dilation: ones + window.dilation, before: zeros + window.before,
      after: zeros + window.after, overhang: zeros + window.overhang)
    self.input = ones + input
    self.output = ones + output
    taps = window.kernel.reduce(1, *)
    cells = input.reduce(1, *)
    positions = output.reduce(1, *)
  }

  init(_ window: Window, input: Shape, output: Shape) {
    let (from, to) = (input.planes ?? (0, 0, 0), output.planes ?? (0, 0, 0))
    self.init(
      VolumeWindow(window), input: [from.height, from.width], output: [to.height, to.width])
  }

  /// Whether the input, row by row, is what lies under the only tap.
  var isPlain: Bool {
    taps == 1 && input == output && window.stride.allSatisfy { $0 == 1 }
      && window.before.allSatisfy { $0 == 0 }
  }

  /// The positions whose cell under one tap lies in the input.
  struct Runs {
    var z: Range<Int>
    var y: Range<Int>
    /// The number of positions in a run.
    var length: Int
    /// The step between the cells of a run.
    var step: Int
    fileprivate var outputStart: Int
    fileprivate var outputSteps: (z: Int, y: Int)
    fileprivate var inputStart: Int
    fileprivate var inputSteps: (z: Int, y: Int)

    /// The first position of the run at `z` and `y`.
    @inline(__always)
    func output(_ z: Int, _ y: Int) -> Int {
      outputStart + z * outputSteps.z + y * outputSteps.y
    }

    /// The cell under that position.
    @inline(__always)
    func input(_ z: Int, _ y: Int) -> Int { inputStart + z * inputSteps.z + y * inputSteps.y }
  }

  func runs(tap: Int) -> Runs {
    let (rows, columns) = (window.kernel[1], window.kernel[2])
    let (z, zStart) = places(0, tap / (rows * columns))
    let (y, yStart) = places(1, tap / columns % rows)
    let (x, xStart) = places(2, tap % columns)
    let (height, width) = (input[1], input[2])
    return Runs(
      z: z, y: x.isEmpty ? 0..<0 : y, length: x.count, step: window.stride[2],
      outputStart: x.lowerBound, outputSteps: (output[1] * output[2], output[2]),
      inputStart: (zStart * height + yStart) * width + xStart + x.lowerBound * window.stride[2],
      inputSteps: (window.stride[0] * height * width, window.stride[1] * width))
  }

  /// The positions along an axis where the cell under a tap lies in the input, and the place, in or
  /// out of it, of that cell at position 0.
  private func places(_ axis: Int, _ tap: Int) -> (Range<Int>, Int) {
    let start = tap * window.dilation[axis] - window.before[axis]
    let step = window.stride[axis]
    let lower = start >= 0 ? 0 : (step - 1 - start) / step
    let reach = input[axis] - 1 - start
    let upper = reach < 0 ? 0 : min(output[axis], reach / step + 1)
    return (lower..<max(lower, upper), start)
  }
}

extension VolumeWindow {
  /// The same window over `y` and `x`.
  init(_ window: Window) {
    self.init(
      kernel: [window.kernel.y, window.kernel.x], stride: [window.stride.y, window.stride.x],
      dilation: [window.dilation.y, window.dilation.x],
      before: [window.padding.top, window.padding.left],
      after: [window.padding.bottom, window.padding.right],
      overhang: [window.overhang.y, window.overhang.x])
  }
}
