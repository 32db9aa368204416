internal import SynapackGraph
internal import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One value for all places along some axes hands its gradient back to them.
///
///     x̄[p, q] = g[p] · ∂y[p]/∂x[p, q]
///
///     sum: 1      mean: 1/n      maximum, minimum: 1 at the first such place, else 0
///     product: Π of the others      absoluteSum: sign x      norm: x/y      squareSum: 2·x
///     logarithmOfSum: e⁻ʸ      logarithmOfExponentialSum: eˣ⁻ʸ
///
/// The norm has the derivative 0 at 0.
struct ReduceGradient: GradientKernel {
  private let forward: DenseReduce

  init(_ op: Reduce, _ input: Shape, _ output: Shape) {
    forward = DenseReduce(op, input, output)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let terms = Double(forward.inputCount) / Double(max(1, forward.outputCount))
    switch forward.function {
    case .sum: return run(node) { _, _ in 1 }
    case .mean: return run(node) { _, _ in 1 / terms }
    case .absoluteSum: return run(node) { x, _ in x > 0 ? 1 : x < 0 ? -1 : 0 }
    case .norm: return run(node) { x, y in y == 0 ? 0 : x / y }
    case .squareSum: return run(node) { x, _ in 2 * x }
    case .logarithmOfSum: return run(node) { _, y in exp(-y) }
    case .logarithmOfExponentialSum: return run(node) { x, y in exp(x - y) }
    case .maximum, .minimum: return extremes(node)
    case .product: return products(node)
    }
  }

  /// - Parameter slope: ∂y/∂x at x and y.
  @inline(__always)
  private func run(_ node: NodePass, _ slope: (Double, Double) -> Double) -> NodeGradients {
    var values = Array(repeating: Float(0), count: node.count * forward.inputCount)
    forEachPlace(node.count) { place, target in
      let (x, y) = (Double(node.inputs[0][place]), Double(node.output[target]))
      values[place] = Float(Double(node.gradient[target]) * slope(x, y))
    }
    return NodeGradients(inputs: [values])
  }

  private func extremes(_ node: NodePass) -> NodeGradients {
    var values = Array(repeating: Float(0), count: node.count * forward.inputCount)
    var rest = node.gradient
    forEachPlace(node.count) { place, target in
      guard node.inputs[0][place] == node.output[target] else { return }
      values[place] = rest[target]
      rest[target] = 0
    }
    return NodeGradients(inputs: [values])
  }

  /// The product of the others is that of all others that are not 0, and 0 where another is.
  private func products(_ node: NodePass) -> NodeGradients {
    var values = Array(repeating: Float(0), count: node.count * forward.inputCount)
    var zeros = Array(repeating: 0, count: node.output.count)
    var products = Array(repeating: 1.0, count: node.output.count)
    forEachPlace(node.count) { place, target in
      let x = Double(node.inputs[0][place])
      if x == 0 { zeros[target] += 1 } else { products[target] *= x }
    }
    forEachPlace(node.count) { place, target in
      let x = Double(node.inputs[0][place])
      guard zeros[target] == (x == 0 ? 1 : 0) else { return }
      values[place] = Float(
        Double(node.gradient[target]) * products[target] / (x == 0 ? 1 : x))
    }
    return NodeGradients(inputs: [values])
  }

  /// Calls `body` with each place of the input and the place of the output that it went into.
  @inline(__always)
  private func forEachPlace(_ count: Int, _ body: (Int, Int) -> Void) {
    let stretch = forward.stretch
    for sample in 0..<count {
      let (input, output) = (sample * forward.inputCount, sample * forward.outputCount)
      for (first, start) in zip(stretch.starts[0], stretch.starts[1]) {
        for i in 0..<stretch.length {
          body(input + first + i * stretch.steps[0], output + start + i * stretch.steps[1])
        }
      }
    }
  }
}
