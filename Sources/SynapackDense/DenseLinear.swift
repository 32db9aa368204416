internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A fully connected layer as one matrix product a batch: X [n·P × I] times Wᵀ, with P rows of a
/// sample.
struct DenseLinear: DenseKernel {
  private let weights: [Float]
  private let bias: [Float]
  private let inputs: Int
  private let outputs: Int
  private let rows: Int

  init(_ op: Linear, input: Shape, _ store: WeightStore) throws(PackError) {
    let matrix = try store.tensor(op.weight)
    weights = matrix.floats()
    outputs = matrix.shape[0]
    inputs = matrix.shape[1]
    rows = input.dimensions.dropLast().reduce(1, *)
    bias = try op.bias.map { (name) throws(PackError) in try store.floats(name) } ?? []
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let count = count * rows
    let input = arguments[0]
    var result: [Float]
    if bias.isEmpty {
      result = Array(repeating: 0, count: count * outputs)
    } else {
      result = []
      result.reserveCapacity(count * outputs)
      for _ in 0..<count { result += bias }
    }
    var span = result.mutableSpan
    BLAS.multiply(
      m: count, n: outputs, k: inputs, input.span, at: 0, weights.span, at: 0, transposeB: true,
      beta: 1, into: &span, at: 0)
    return result
  }
}
