internal import SynapackGraph
internal import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Probabilities over the places of one axis, or their logarithms.
///
///     x̄[i] = y[i]·(g[i] − Σ_j g[j]·y[j])          logarithms:  x̄[i] = g[i] − e^y[i]·Σ_j g[j]
struct SoftmaxGradient: GradientKernel {
  private let places: Int
  /// The distance between neighbours along the axis.
  private let step: Int
  private let isLogarithmic: Bool

  init(_ op: Softmax, _ input: Shape) {
    let axis = op.resolvedAxis(input) ?? 0
    places = input[axis]
    step = input.dimensions[(axis + 1)...].reduce(1, *)
    isLogarithmic = op.isLogarithmic
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var values = node.gradient
    guard places > 0, step > 0 else { return NodeGradients(inputs: [values]) }
    for block in stride(from: 0, to: values.count, by: places * step) {
      for first in block..<block + step { turn(&values, node.output, first) }
    }
    return NodeGradients(inputs: [values])
  }

  private func turn(_ gradient: inout [Float], _ output: [Float], _ first: Int) {
    let last = first + (places - 1) * step
    var sum = 0.0
    for index in stride(from: first, through: last, by: step) {
      sum += Double(gradient[index]) * (isLogarithmic ? 1 : Double(output[index]))
    }
    for index in stride(from: first, through: last, by: step) {
      let (g, y) = (Double(gradient[index]), Double(output[index]))
      gradient[index] = Float(isLogarithmic ? g - exp(y) * sum : y * (g - sum))
    }
  }
}
