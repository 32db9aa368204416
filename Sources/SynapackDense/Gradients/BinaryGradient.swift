internal import SynapackGraph
internal import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One function of two numbers over two wires that are stretched to one shape.
///
///     ā = Σ g · ∂f/∂a      b̄ = Σ g · ∂f/∂b
///
/// The sums run over the places that one value was stretched to. Where both are equal, the first
/// takes the whole gradient of a minimum or maximum. Comparisons have the derivative 0.
struct BinaryGradient: GradientKernel {
  private let function: Binary.Function
  private let stretch: Stretch
  private let sizes: [Int]

  init(_ function: Binary.Function, _ inputs: [Shape], _ output: Shape) {
    self.function = function
    stretch = Stretch(output.dimensions, inputs.map { Stretch.strides(of: $0, to: output) })
    sizes = inputs.map(\.count)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    switch function {
    case .add: return run(node) { _, _, _ in (1, 1) }
    case .subtract: return run(node) { _, _, _ in (1, -1) }
    case .multiply: return run(node) { a, b, _ in (b, a) }
    case .divide: return run(node) { _, b, y in (1 / b, -y / b) }
    case .power:
      return run(node) { a, b, y in
        // Where the base is not positive, the exponent has no derivative.
        (b == 0 ? 0 : b * pow(a, b - 1), a > 0 ? y * log(a) : 0)
      }
    case .minimum: return run(node) { a, b, _ in a <= b ? (1, 0) : (0, 1) }
    case .maximum: return run(node) { a, b, _ in a >= b ? (1, 0) : (0, 1) }
    case .parametricRelu: return run(node) { a, b, _ in a < 0 ? (b, a) : (1, 0) }
    case .less, .lessOrEqual, .equal: return NodeGradients(inputs: [[], []])
    }
  }

  /// - Parameter slopes: ∂f/∂a and ∂f/∂b at a, b and y = f(a, b).
  @inline(__always)
  private func run(
    _ node: NodePass, _ slopes: (Float, Float, Float) -> (Float, Float)
  ) -> NodeGradients {
    var (left, right) = (
      Array(repeating: Float(0), count: sizes[0] * node.count),
      Array(repeating: Float(0), count: sizes[1] * node.count)
    )
    var first = left.mutableSpan
    var second = right.mutableSpan
    let (aValues, bValues, output, gradient) = (
      node.inputs[0], node.inputs[1], node.output, node.gradient
    )
    let (a, b, y, g) = (aValues.span, bValues.span, output.span, gradient.span)
    let (aStep, bStep) = (stretch.steps[0], stretch.steps[1])
    var next = 0
    for sample in 0..<node.count {
      for (aStart, bStart) in zip(stretch.starts[0], stretch.starts[1]) {
        let (aFirst, bFirst) = (sample * sizes[0] + aStart, sample * sizes[1] + bStart)
        for i in 0..<stretch.length {
          let (aPlace, bPlace) = (aFirst + i * aStep, bFirst + i * bStep)
          let (da, db) = slopes(a[aPlace], b[bPlace], y[next])
          first[aPlace] += g[next] * da
          second[bPlace] += g[next] * db
          next += 1
        }
      }
    }
    return NodeGradients(inputs: [left, right])
  }
}

/// The one or the other wire, place by place; the mask has the derivative 0.
///
///     ā = Σ g  where m ≠ 0      b̄ = Σ g  elsewhere
struct WhereGradient: GradientKernel {
  private let stretch: Stretch
  private let sizes: [Int]

  init(_ inputs: [Shape], _ output: Shape) {
    stretch = Stretch(output.dimensions, inputs.map { Stretch.strides(of: $0, to: output) })
    sizes = inputs.map(\.count)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var first = Array(repeating: Float(0), count: sizes[1] * node.count)
    var second = Array(repeating: Float(0), count: sizes[2] * node.count)
    let mask = node.inputs[0]
    var next = 0
    for sample in 0..<node.count {
      for run in stretch.starts[0].indices {
        let starts = (0..<3).map { sample * sizes[$0] + stretch.starts[$0][run] }
        for i in 0..<stretch.length {
          if mask[starts[0] + i * stretch.steps[0]] != 0 {
            first[starts[1] + i * stretch.steps[1]] += node.gradient[next]
          } else {
            second[starts[2] + i * stretch.steps[2]] += node.gradient[next]
          }
          next += 1
        }
      }
    }
    return NodeGradients(inputs: [[], first, second])
  }
}
