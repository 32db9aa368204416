internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// The transpose of a convolution as matrix products a sample and group, with the columns
/// C̄ [O·taps × cells] that the gradient of the output gives where each tap put its cells.
///
///     X̄ = W·C̄      W̄ = Σ_n X·C̄ᵀ      b̄[o] = Σ_n,p G[o, p]
///
/// W [I × O·taps] and X [I × cells] of a group; G: the gradient of the output.
struct ConvolutionTransposeGradient: GradientKernel {
  private let op: ConvolutionTranspose
  private let weights: [Float]
  private let sliding: Sliding
  private let groups: Int
  /// Channels a group.
  private let inputs: Int
  private let outputs: Int

  init(
    _ op: ConvolutionTranspose, input: Shape, output: Shape, _ store: WeightStore
  ) throws(PackError) {
    self.op = op
    let kernel = try store.tensor(op.weight)
    weights = kernel.floats()
    groups = op.groups
    inputs = kernel.shape[0] / groups
    outputs = kernel.shape[1]
    sliding = Sliding(
      op.window, input: Array(output.dimensions.dropFirst()),
      output: Array(input.dimensions.dropFirst()))
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let (rows, cells) = (outputs * sliding.taps, sliding.positions)
    let (gradient, input) = (node.gradient, node.inputs[0])
    var values = Array(repeating: Float(0), count: node.wantsInputs ? input.count : 0)
    var kernel = Array(repeating: Float(0), count: weights.count)
    var columns = Array(repeating: Float(0), count: rows * cells)
    var x = values.mutableSpan
    var w = kernel.mutableSpan
    for block in 0..<node.count * groups {
      sliding.gather(
        gradient.span, channels: block * outputs..<(block + 1) * outputs, into: &columns)
      let (own, place) = (block % groups * inputs * rows, block * inputs * cells)
      if node.wantsInputs {
        BLAS.multiply(
          m: inputs, n: cells, k: rows, weights.span, at: own, columns.span, at: 0, into: &x,
          at: place)
      }
      if node.wantsWeights {
        BLAS.multiply(
          m: inputs, n: rows, k: cells, input.span, at: place, columns.span, at: 0,
          transposeB: true, beta: 1, into: &w, at: own)
      }
    }
    var result = NodeGradients(inputs: [values])
    guard node.wantsWeights else { return result }
    result.weights = [(op.weight, kernel)]
    if let bias = op.bias {
      let sums = planeSums(
        gradient, channels: outputs * groups, plane: sliding.cells, count: node.count)
      result.weights.append((bias, sums))
    }
    return result
  }
}
