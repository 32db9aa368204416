internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Products of the matrices of two wires, two BLAS calls for each pair of matrices.
///
///     Y = A·B      Ā = Σ G·Bᵀ      B̄ = Σ Aᵀ·G
///
/// The sums run over the pairs that one matrix was stretched to.
struct MatrixProductGradient: GradientKernel {
  private let extents: (m: Int, n: Int, k: Int)
  private let pairs: [(a: Int, b: Int)]
  private let sizes: [Int]

  init(_ inputs: [Shape], _ output: Shape) throws(PackError) {
    let forward = try DenseMatrixProduct(inputs, output)
    extents = forward.extents
    pairs = forward.pairs
    sizes = forward.sizes
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let (m, n, k) = extents
    let (left, right, gradient) = (node.inputs[0], node.inputs[1], node.gradient)
    var (first, second) = (
      Array(repeating: Float(0), count: left.count), Array(repeating: Float(0), count: right.count)
    )
    var a = first.mutableSpan
    var b = second.mutableSpan
    var next = 0
    for sample in 0..<node.count {
      for pair in pairs {
        let (aStart, bStart) = (sample * sizes[0] + pair.a, sample * sizes[1] + pair.b)
        BLAS.multiply(
          m: m, n: k, k: n, gradient.span, at: next, right.span, at: bStart, transposeB: true,
          beta: 1, into: &a, at: aStart)
        BLAS.multiply(
          m: k, n: n, k: m, left.span, at: aStart, transposeA: true, gradient.span, at: next,
          beta: 1, into: &b, at: bStart)
        next += m * n
      }
    }
    return NodeGradients(inputs: [first, second])
  }
}
