internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A convolution as matrix products a sample and group, with the columns C [I·taps × positions]
/// that lie under the kernel.
///
///     Y = W·C + b      W̄ = Σ_n G·Cᵀ      C̄ = Wᵀ·G      b̄[o] = Σ_n,p G[o, p]
///
/// G [O/g × positions]: the gradient of the output. X̄ adds up the cells of C̄; at stride 1 it is
/// itself a convolution, of G with the kernel turned around, which the direct kernel takes:
///
///     x̄[i, q] = Σ_{o, k} W[o, i, K−1−k] · g[o, q + dilation·k − (dilation·(K−1) − padding)]
///
/// K: the extent of the kernel along each axis.
struct ConvolutionGradient: GradientKernel {
  private let weightName: String
  private let biasName: String?
  private let weights: [Float]
  private let sliding: Sliding
  private let groups: Int
  /// Channels a group.
  private let inputs: Int
  private let rows: Int
  private var turned: DirectConvolution?

  init(
    _ op: Convolution, input: Shape, output: Shape, _ store: WeightStore
  ) throws(PackError) {
    try self.init(
      op.weight, op.bias, op.groups, Sliding(op.window, input: input, output: output), store)
    let window = op.window
    guard window.stride == Extent(y: 1, x: 1) else { return }
    let reach = Extent(
      y: window.dilation.y * (window.kernel.y - 1), x: window.dilation.x * (window.kernel.x - 1))
    let back = Window(
      kernel: window.kernel, dilation: window.dilation,
      padding: Edges(
        top: reach.y - window.padding.top, left: reach.x - window.padding.left,
        bottom: reach.y - window.padding.bottom, right: reach.x - window.padding.right))
    turned = DirectConvolution(
      weights: turnedWeights(), inputs: rows, outputs: inputs, groups: groups, window: back,
      input: output, output: input)
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
    weightName = weight
    biasName = bias
    weights = kernel.floats()
    self.sliding = sliding
    self.groups = groups
    inputs = kernel.shape[1]
    rows = kernel.shape[0] / groups
  }

  /// [group][o][i][k] to [group][i][o][K−1−k].
  private func turnedWeights() -> [Float] {
    let taps = sliding.taps
    var result = Array(repeating: Float(0), count: weights.count)
    for group in 0..<groups {
      for o in 0..<rows {
        for i in 0..<inputs {
          let from = ((group * rows + o) * inputs + i) * taps
          let to = ((group * inputs + i) * rows + o) * taps
          for k in 0..<taps { result[to + taps - 1 - k] = weights[from + k] }
        }
      }
    }
    return result
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var result = NodeGradients()
    if node.wantsInputs {
      result.inputs = [
        turned?.run(node.gradient, bias: [], count: node.count) ?? inputGradient(node)
      ]
    }
    guard node.wantsWeights else { return result }
    result.weights = [(weightName, weightGradient(node))]
    if let biasName {
      let sums = planeSums(
        node.gradient, channels: rows * groups, plane: sliding.positions, count: node.count)
      result.weights.append((biasName, sums))
    }
    return result
  }

  private func inputGradient(_ node: NodePass) -> [Float] {
    let (positions, taps) = (sliding.positions, inputs * sliding.taps)
    let gradient = node.gradient
    let plane = inputs * sliding.cells
    var result = Array(repeating: Float(0), count: node.count * groups * plane)
    var columns = Array(repeating: Float(0), count: sliding.isPlain ? 0 : taps * positions)
    var target = result.mutableSpan
    for block in 0..<node.count * groups {
      let weightStart = block % groups * rows * taps
      if sliding.isPlain {
        BLAS.multiply(
          m: taps, n: positions, k: rows, weights.span, at: weightStart, transposeA: true,
          gradient.span, at: block * rows * positions, into: &target, at: block * plane)
        continue
      }
      var product = columns.mutableSpan
      BLAS.multiply(
        m: taps, n: positions, k: rows, weights.span, at: weightStart, transposeA: true,
        gradient.span, at: block * rows * positions, into: &product, at: 0)
      for i in 0..<inputs {
        sliding.spread(
          columns.span, row: i, into: &target, at: block * plane + i * sliding.cells)
      }
    }
    return result
  }

  private func weightGradient(_ node: NodePass) -> [Float] {
    let (positions, taps) = (sliding.positions, inputs * sliding.taps)
    let (gradient, input) = (node.gradient, node.inputs[0])
    var result = Array(repeating: Float(0), count: weights.count)
    var columns = Array(repeating: Float(0), count: sliding.isPlain ? 0 : taps * positions)
    var target = result.mutableSpan
    for block in 0..<node.count * groups {
      let (from, to) = (block * rows * positions, block % groups * rows * taps)
      if sliding.isPlain {
        BLAS.multiply(
          m: rows, n: taps, k: positions, gradient.span, at: from, input.span,
          at: block * inputs * positions, transposeB: true, beta: 1, into: &target, at: to)
        continue
      }
      sliding.gather(
        input.span, channels: block * inputs..<(block + 1) * inputs, into: &columns)
      BLAS.multiply(
        m: rows, n: taps, k: positions, gradient.span, at: from, columns.span, at: 0,
        transposeB: true, beta: 1, into: &target, at: to)
    }
    return result
  }
}

/// Σ_n,p g[o, p] of each channel o of `count` samples with planes of `plane` values.
func planeSums(_ gradient: [Float], channels: Int, plane: Int, count: Int) -> [Float] {
  var sums = Array(repeating: 0.0, count: channels)
  let values = gradient.span
  for block in 0..<count * channels {
    var sum = 0.0
    for index in block * plane..<(block + 1) * plane { sum += Double(values[index]) }
    sums[block % channels] += sum
  }
  return sums.map { Float($0) }
}
