internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A transposed convolution as one matrix product a sample and group: Wᵀ [O·taps × I] times the
/// input [I × cells], whose rows are then added up where each tap puts them.
struct DenseConvolutionTranspose: DenseKernel {
  /// For each group, Wᵀ.
  private let weights: [Float]
  private let bias: [Float]
  /// Reads the output as the input of the convolution that this is the transpose of.
  private let sliding: Sliding
  private let groups: Int
  /// Channels a group.
  private let inputs: Int
  private let outputs: Int

  init(
    _ op: ConvolutionTranspose, input: Shape, output: Shape, _ store: WeightStore
  ) throws(PackError) {
    let kernel = try store.tensor(op.weight)
    groups = op.groups
    inputs = kernel.shape[0] / groups
    outputs = kernel.shape[1]
    sliding = Sliding(
      op.window, input: Array(output.dimensions.dropFirst()),
      output: Array(input.dimensions.dropFirst()))
    bias = try op.bias.map { (name) throws(PackError) in try store.floats(name) } ?? []
    let values = kernel.floats()
    let rows = outputs * sliding.taps
    var transposed = Array(repeating: Float(0), count: values.count)
    for index in values.indices {
      let (i, row) = (index / rows, index % rows)
      transposed[(i / inputs * rows + row) * inputs + i % inputs] = values[index]
    }
    weights = transposed
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    let (rows, cells) = (outputs * sliding.taps, sliding.positions)
    var result = Array(repeating: Float(0), count: count * groups * outputs * sliding.cells)
    let input = arguments[0]
    var columns = Array(repeating: Float(0), count: rows * cells)
    var target = result.mutableSpan
    for block in 0..<count * groups {
      var product = columns.mutableSpan
      BLAS.multiply(
        m: rows, n: cells, k: inputs, weights.span, at: block % groups * rows * inputs,
        input.span, at: block * inputs * cells, into: &product, at: 0)
      for o in 0..<outputs {
        let start = (block * outputs + o) * sliding.cells
        if !bias.isEmpty {
          let value = bias[block % groups * outputs + o]
          for index in start..<start + sliding.cells { target[index] = value }
        }
        sliding.spread(columns.span, row: o, into: &target, at: start)
      }
    }
    return result
  }
}
