internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Pooling of every kind hands the gradient of each position back to the cells under its window.
///
///     sum:      x̄[q] = Σ_{p, k : cell(p, k) = q} g[p]
///     mean:     the same of g[p]/n[p]
///     maximum:  the same, of the first cell alone that has the value of the position
///
/// p: positions; k: taps, in ascending order; n[p]: the divisor of the mean.
struct WindowGradient: GradientKernel {
  private let forward: DenseWindow

  init(_ window: Window, _ reduction: DenseWindow.Reduction, input: Shape, output: Shape) {
    forward = DenseWindow(window, reduction, input: input, output: output)
  }

  init(_ op: Pad, input: Shape, output: Shape) {
    forward = DenseWindow(op, input: input, output: output)
  }

  init(_ op: AveragePool, input: Shape, output: Shape) throws(PackError) {
    forward = try DenseWindow(op, input: input, output: output)
  }

  init(_ op: VolumePool, input: Shape, output: Shape) throws(PackError) {
    forward = try DenseWindow(op, input: input, output: output)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let sliding = forward.sliding
    let planes = node.count * forward.channels
    var values = Array(repeating: Float(0), count: planes * sliding.cells)
    var rest = scaled(node.gradient, planes)
    var isMaximum = false
    if case .maximum = forward.reduction { isMaximum = true }
    for tap in 0..<sliding.taps {
      let runs = sliding.runs(tap: tap)
      for plane in 0..<planes {
        let (base, cells) = (plane * sliding.positions, plane * sliding.cells)
        if isMaximum {
          claim(&values, cells, &rest, base, node, runs)
        } else {
          add(&values, cells, rest, base, runs)
        }
      }
    }
    return NodeGradients(inputs: [values])
  }

  private func scaled(_ gradient: [Float], _ planes: Int) -> [Float] {
    guard case .mean(let factors) = forward.reduction else { return gradient }
    var result = gradient
    for plane in 0..<planes {
      for position in factors.indices {
        result[plane * factors.count + position] *= factors[position]
      }
    }
    return result
  }

  private func add(
    _ values: inout [Float], _ plane: Int, _ gradient: [Float], _ base: Int, _ runs: Sliding.Runs
  ) {
    var target = values.mutableSpan
    let g = gradient.span
    for z in runs.z {
      for y in runs.y {
        let (out, cell) = (base + runs.output(z, y), plane + runs.input(z, y))
        for i in 0..<runs.length { target[cell + i * runs.step] += g[out + i] }
      }
    }
  }

  /// Hands the gradient to cells that have the maximum, and takes it from the positions.
  private func claim(
    _ values: inout [Float], _ plane: Int, _ rest: inout [Float], _ base: Int, _ node: NodePass,
    _ runs: Sliding.Runs
  ) {
    var target = values.mutableSpan
    var g = rest.mutableSpan
    let (input, output) = (node.inputs[0], node.output)
    let (x, peak) = (input.span, output.span)
    for z in runs.z {
      for y in runs.y {
        let (out, cell) = (base + runs.output(z, y), plane + runs.input(z, y))
        for i in 0..<runs.length where x[cell + i * runs.step] == peak[out + i] {
          target[cell + i * runs.step] += g[out + i]
          g[out + i] = 0
        }
      }
    }
  }
}
