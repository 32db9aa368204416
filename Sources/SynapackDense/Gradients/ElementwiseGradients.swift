internal import SynapackGraph

/// Limits to an interval: what lies outside has no say, and neither have the ends.
///
///     x̄ = g  where lower < x < upper,  0 elsewhere
struct ClipGradient: GradientKernel {
  let lower: Float
  let upper: Float

  func gradients(_ node: NodePass) -> NodeGradients {
    var result = node.gradient
    var gradient = result.mutableSpan
    let input = node.inputs[0]
    let x = input.span
    for index in gradient.indices {
      gradient[index] = x[index] > lower && x[index] < upper ? gradient[index] : 0
    }
    return NodeGradients(inputs: [result])
  }
}

/// One factor for all values.
///
///     x̄ = factor · g
struct ScaleGradient: GradientKernel {
  let factor: Float

  func gradients(_ node: NodePass) -> NodeGradients {
    var result = node.gradient
    var gradient = result.mutableSpan
    for index in gradient.indices { gradient[index] *= factor }
    return NodeGradients(inputs: [result])
  }
}

/// A sum hands its gradient to each term.
///
///     x̄_i = g
struct SumGradient: GradientKernel {
  func gradients(_ node: NodePass) -> NodeGradients {
    NodeGradients(inputs: node.inputs.map { _ in node.gradient })
  }
}

/// The same values under another shape, or at another time.
///
///     x̄ = g
struct CopyGradient: GradientKernel {
  func gradients(_ node: NodePass) -> NodeGradients { NodeGradients(inputs: [node.gradient]) }
}

/// Values that are the same for every sample.
///
///     W̄ = Σ_n g_n
struct ConstantGradient: GradientKernel {
  let weight: String
  let size: Int

  func gradients(_ node: NodePass) -> NodeGradients {
    var sums = Array(repeating: Float(0), count: size)
    for sample in 0..<node.count {
      for index in 0..<size { sums[index] += node.gradient[sample * size + index] }
    }
    return NodeGradients(weights: [(weight, sums)])
  }
}
