internal import SynapackGraph
internal import SynapackTensor

/// Wires laid one after the other along an axis take their gradients apart again.
///
///     [x̄_0; x̄_1; …] = g
struct ConcatGradient: GradientKernel {
  private let outer: Int
  private let blocks: [Int]

  init(_ op: Concat, inputs: [Shape]) {
    let outer = inputs.first?.dimensions[..<op.axis].reduce(1, *) ?? 1
    self.outer = outer
    blocks = inputs.map { $0.count / max(1, outer) }
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var parts: [[Float]] = blocks.map { _ in [] }
    for (part, size) in blocks.enumerated() { parts[part].reserveCapacity(size * outer) }
    var next = 0
    for _ in 0..<node.count * outer {
      for (part, size) in blocks.enumerated() {
        parts[part] += node.gradient[next..<next + size]
        next += size
      }
    }
    return NodeGradients(inputs: parts)
  }
}
