internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Convolution over planes by a direct kernel where that takes it; else as one matrix product a
/// sample and group: W [O/g × I·taps] times the columns [I·taps × positions] that lie under the
/// kernel. Depthwise kernels are summed directly.
struct DenseConvolution: DenseKernel {
  private let weights: [Float]
  private let bias: [Float]
  private let sliding: Sliding
  private let groups: Int
  /// Channels a group.
  private let inputs: Int
  private let rows: Int
  private var direct: DirectConvolution?

  init(
    _ op: Convolution, input: Shape, output: Shape, _ store: WeightStore
  ) throws(PackError) {
    try self.init(
      op.weight, op.bias, op.groups, Sliding(op.window, input: input, output: output), store)
    direct = DirectConvolution(
      weights: weights, inputs: inputs, outputs: rows, groups: groups, window: op.window,
      input: input, output: output)
  }

  init(
    _ op: VolumeConvolution, input: Shape, output: Shape, _ store: WeightStore
  ) throws(PackError) {
    let sliding = Sliding(
      op.window, input: Array(input.dimensions.dropFirst()),
      output: Array(output.dimensions.dropFirst()))
    try self.init(op.weight, op.bias, op.groups, sliding, store)
  }

  private init(
    _ weight: String, _ bias: String?, _ groups: Int, _ sliding: Sliding, _ store: WeightStore
  ) throws(PackError) {
    let kernel = try store.tensor(weight)
    weights = kernel.floats()
    self.bias = try bias.map { (name) throws(PackError) in try store.floats(name) } ?? []
    self.sliding = sliding
    self.groups = groups
    inputs = kernel.shape[1]
    rows = kernel.shape[0] / groups
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    if let direct { return direct.run(arguments[0], bias: bias, count: count) }
    let (positions, taps) = (sliding.positions, inputs * sliding.taps)
    var result = Array(repeating: Float(0), count: count * groups * rows * positions)
    let isDepthwise = rows == 1 && inputs == 1
    let needsColumns = !isDepthwise && !sliding.isPlain
    var columns = Array(repeating: Float(0), count: needsColumns ? taps * positions : 0)
    var target = result.mutableSpan
    let input = arguments[0]
    let source = input.span
    for block in 0..<count * groups {
      let group = block % groups
      let channel = block * inputs
      let start = block * rows * positions
      fill(&target, from: start, firstChannel: group * rows)
      if isDepthwise {
        sumDirectly(source, channel, into: &target, at: start, group)
      } else if sliding.isPlain {
        BLAS.multiply(
          m: rows, n: positions, k: taps, weights.span, at: group * rows * taps, source,
          at: channel * positions, beta: 1, into: &target, at: start)
      } else {
        sliding.gather(source, channels: channel..<channel + inputs, into: &columns)
        BLAS.multiply(
          m: rows, n: positions, k: taps, weights.span, at: group * rows * taps, columns.span,
          at: 0, beta: 1, into: &target, at: start)
      }
    }
    return result
  }

  private func fill(_ result: inout MutableSpan<Float>, from start: Int, firstChannel: Int) {
    guard !bias.isEmpty else { return }
    for row in 0..<rows {
      let value = bias[firstChannel + row]
      let first = start + row * sliding.positions
      for index in first..<first + sliding.positions { result[index] = value }
    }
  }

  private func sumDirectly(
    _ source: Span<Float>, _ channel: Int, into result: inout MutableSpan<Float>, at start: Int,
    _ group: Int
  ) {
    let plane = channel * sliding.cells
    for tap in 0..<sliding.taps {
      let weight = weights[group * sliding.taps + tap]
      let runs = sliding.runs(tap: tap)
      for z in runs.z {
        for y in runs.y {
          let (out, cell) = (start + runs.output(z, y), plane + runs.input(z, y))
          if runs.step == 1 {
            for x in 0..<runs.length { result[out + x] += weight * source[cell + x] }
          } else {
            for x in 0..<runs.length {
              result[out + x] += weight * source[cell + x * runs.step]
            }
          }
        }
      }
    }
  }
}
