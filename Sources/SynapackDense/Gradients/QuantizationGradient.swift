internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Rounding to integer levels, passed straight through where it is not clipped.
///
///     y = clip(round(x/s) + z, lower, upper)
///     x̄ = g/s      s̄ = −Σ g·x/s²      z̄ = Σ g       where lower ≤ round(x/s) + z ≤ upper,
///
/// and 0 elsewhere. Followed by the map back to values, s̄ is that of the learned step size.
///
/// Source: Esser et al., "Learned step size quantization", ICLR 2020, eq. 3 and 5.
struct QuantizationGradient: GradientKernel {
  private let op: Quantization
  private let forward: DenseQuantization

  init(_ op: Quantization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    self.op = op
    forward = try DenseQuantization(op, input, weights)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    let levels = forward.levels
    var values = node.gradient
    var steps = Array(repeating: 0.0, count: levels.scales.count)
    var zeros = steps
    levels.forEachRun(in: values.count) { place, range in
      let (scale, zero) = (levels.scales[place], levels.zeros[place])
      for index in range {
        let x = node.inputs[0][index]
        let level = (x / scale).rounded(.toNearestOrEven) + zero
        guard level >= forward.lower, level <= forward.upper else {
          values[index] = 0
          continue
        }
        let g = values[index]
        steps[place] -= Double(g * x) / Double(scale * scale)
        zeros[place] += Double(g)
        values[index] = g / scale
      }
    }
    var result = NodeGradients(inputs: [values], weights: [(op.scale, steps.map { Float($0) })])
    if let name = op.zeroPoint { result.weights.append((name, zeros.map { Float($0) })) }
    return result
  }
}

/// The values that integer levels stand for.
///
///     y = (x − z)·s      x̄ = g·s      s̄ = Σ g·(x − z)      z̄ = −Σ g·s
struct DequantizationGradient: GradientKernel {
  private let op: Dequantization
  private let levels: Levels

  init(_ op: Dequantization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    self.op = op
    levels = try DenseDequantization(op, input, weights).levels
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var values = node.gradient
    var steps = Array(repeating: 0.0, count: levels.scales.count)
    var zeros = steps
    levels.forEachRun(in: values.count) { place, range in
      let (scale, zero) = (levels.scales[place], levels.zeros[place])
      for index in range {
        let g = values[index]
        steps[place] += Double(g) * Double(node.inputs[0][index] - zero)
        zeros[place] -= Double(g) * Double(scale)
        values[index] = g * scale
      }
    }
    var result = NodeGradients(inputs: [values], weights: [(op.scale, steps.map { Float($0) })])
    if let name = op.zeroPoint { result.weights.append((name, zeros.map { Float($0) })) }
    return result
  }
}

extension Levels {
  /// Calls `body` with each run of values that lie under one scale, and the place of that scale.
  fileprivate func forEachRun(in count: Int, _ body: (Int, Range<Int>) -> Void) {
    var place = 0
    for start in stride(from: 0, to: count, by: max(1, length)) {
      body(place, start..<start + length)
      place = (place + 1) % scales.count
    }
  }
}
