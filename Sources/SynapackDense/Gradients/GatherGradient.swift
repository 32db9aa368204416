/// Values picked from their places give their gradients back to these places.
///
///     x̄[q] = Σ_p g[p]   over all p that took the place q
struct GatherGradient: GradientKernel {
  let forward: DenseGather

  func gradients(_ node: NodePass) -> NodeGradients {
    var result = Array(repeating: Float(0), count: node.count * forward.inputCount)
    var target = result.mutableSpan
    let (gradient, offsets) = (node.gradient, forward.offsets)
    let (g, places) = (gradient.span, offsets.span)
    var next = 0
    for sample in 0..<node.count {
      for start in forward.starts {
        let first = sample * forward.inputCount + start
        for i in places.indices { target[first + places[i]] += g[next + i] }
        next += places.count
      }
    }
    return NodeGradients(inputs: [result])
  }
}
