internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Products of the matrices of two wires, one BLAS call for each pair of matrices.
struct DenseMatrixProduct: DenseKernel {
  let extents: (m: Int, n: Int, k: Int)
  /// For each matrix of the output, where its factors start.
  let pairs: [(a: Int, b: Int)]
  let sizes: [Int]

  init(_ inputs: [Shape], _ output: Shape) throws(PackError) {
    let (a, b) = (inputs[0], inputs[1])
    extents = (a[a.rank - 2], b[b.rank - 1], a[a.rank - 1])
    sizes = inputs.map(\.count)
    let leading = try MatrixProduct.leading(output)
    let (left, right) = (try MatrixProduct.leading(a), try MatrixProduct.leading(b))
    let (m, n, k) = extents
    pairs = (0..<leading.count).map { index in
      let position = leading.position(at: index)
      return (left.index(stretchedTo: position) * m * k, right.index(stretchedTo: position) * k * n)
    }
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let (m, n, k) = extents
    var result = Array(repeating: Float(0), count: count * pairs.count * m * n)
    let (left, right) = (arguments[0], arguments[1])
    var target = result.mutableSpan
    var next = 0
    for sample in 0..<count {
      for pair in pairs {
        BLAS.multiply(
          m: m, n: n, k: k, left.span, at: sample * sizes[0] + pair.a, right.span,
          at: sample * sizes[1] + pair.b, into: &target, at: next)
        next += m * n
      }
    }
    return result
  }
}
