internal import SynapackGraph
internal import SynapackTensor

/// Wires laid one after the other along an axis, sample by sample.
struct DenseConcat: DenseKernel {
  private let outer: Int
  private let blocks: [Int]

  init(_ op: Concat, inputs: [Shape]) {
    let outer = inputs.first?.dimensions[..<op.axis].reduce(1, *) ?? 1
    self.outer = outer
    blocks = inputs.map { $0.count / max(1, outer) }
  }

  func run(_ arguments: inout [[Float]], count: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(count * outer * blocks.reduce(0, +))
    for block in 0..<count * outer {
      for (argument, size) in zip(arguments, blocks) {
        result += argument[block * size..<(block + 1) * size]
      }
    }
    return result
  }
}
