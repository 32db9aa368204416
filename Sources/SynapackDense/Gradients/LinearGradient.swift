internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A fully connected layer: one matrix product for the inputs and one for the weights.
///
///     Y = X·Wᵀ + b      X̄ = G·W      W̄ = Gᵀ·X      b̄ = Σ_rows G
///
/// X [n·P × I], G [n·P × O]: a row for each of the n samples and of the P places before the last
/// axis.
struct LinearGradient: GradientKernel {
  private let op: Linear
  private let weights: [Float]
  private let inputs: Int
  private let outputs: Int
  private let rows: Int

  init(_ op: Linear, input: Shape, _ store: WeightStore) throws(PackError) {
    self.op = op
    let matrix = try store.tensor(op.weight)
    weights = matrix.floats()
    outputs = matrix.shape[0]
    inputs = matrix.shape[1]
    rows = input.dimensions.dropLast().reduce(1, *)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let count = node.count * rows
    let (gradient, input) = (node.gradient, node.inputs[0])
    var result = NodeGradients()
    if node.wantsInputs {
      var values = Array(repeating: Float(0), count: count * inputs)
      var target = values.mutableSpan
      BLAS.multiply(
        m: count, n: inputs, k: outputs, gradient.span, at: 0, weights.span, at: 0, into: &target,
        at: 0)
      result.inputs = [values]
    }
    guard node.wantsWeights else { return result }
    var matrix = Array(repeating: Float(0), count: weights.count)
    var target = matrix.mutableSpan
    BLAS.multiply(
      m: outputs, n: inputs, k: count, gradient.span, at: 0, transposeA: true, input.span, at: 0,
      into: &target, at: 0)
    result.weights = [(op.weight, matrix)]
    if let bias = op.bias {
      var sums = Array(repeating: 0.0, count: outputs)
      for row in 0..<count {
        for o in 0..<outputs { sums[o] += Double(gradient[row * outputs + o]) }
      }
      result.weights.append((bias, sums.map { Float($0) }))
    }
    return result
  }
}
