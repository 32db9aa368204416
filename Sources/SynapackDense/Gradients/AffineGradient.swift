internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// A factor and an offset a channel, and the normalization by stored statistics that comes to the
/// same.
///
///     y = a·x + b      x̄ = a·g      ā = Σ g·x      b̄ = Σ g
///
/// of a normalization, with r = 1/√(σ² + ε), a = γ·r and b = β − a·μ:
///
///     γ̄ = r·(ā − μ·b̄)      β̄ = b̄      μ̄ = −a·b̄      σ̄² = −½·γ·r³·(ā − μ·b̄)
///
/// Sums run over the samples and the places of a channel; the statistics are constants that a
/// batch does not change.
struct AffineGradient: GradientKernel {
  private let scale: [Float]
  private let plane: Int
  private let names: Names
  /// μ and r of a normalization.
  private var means: [Float] = []
  private var roots: [Float] = []

  private enum Names: Sendable {
    case affine(scale: String?, shift: String?)
    case normalization(BatchNormalization)
  }

  init(_ op: ChannelAffine, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    scale = try op.affine(weights, channels: input.dimensions.first ?? 1).scale
    plane = input.count / max(1, scale.count)
    names = .affine(scale: op.scale, shift: op.shift)
  }

  init(_ op: BatchNormalization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    scale = try op.affine(weights).scale
    plane = input.count / max(1, scale.count)
    names = .normalization(op)
    means = try weights.floats(op.mean)
    roots = try weights.floats(op.variance).map { 1 / ($0 + op.epsilon).squareRoot() }
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var result = NodeGradients()
    if node.wantsWeights { result.weights = weightGradients(node) }
    guard node.wantsInputs else { return result }
    var values = node.gradient
    var gradient = values.mutableSpan
    var start = 0
    for _ in 0..<node.count {
      for factor in scale {
        for index in start..<start + plane { gradient[index] *= factor }
        start += plane
      }
    }
    result.inputs = [values]
    return result
  }

  private func weightGradients(_ node: NodePass) -> [(name: String, values: [Float])] {
    let (products, sums) = sums(node)
    switch names {
    case .affine(let scale, let shift):
      return (scale.map { [(name: $0, values: products.map { Float($0) })] } ?? [])
        + (shift.map { [(name: $0, values: sums.map { Float($0) })] } ?? [])
    case .normalization(let op):
      let centred = scale.indices.map { products[$0] - Double(means[$0]) * sums[$0] }
      return [
        (op.scale, scale.indices.map { Float(centred[$0]) * roots[$0] }),
        (op.shift, sums.map { Float($0) }),
        (op.mean, scale.indices.map { -scale[$0] * Float(sums[$0]) }),
        // γ·r³ = a·r²
        (
          op.variance,
          scale.indices.map { -0.5 * scale[$0] * roots[$0] * roots[$0] * Float(centred[$0]) }
        ),
      ]
    }
  }

  /// Σ g·x and Σ g of each channel.
  private func sums(_ node: NodePass) -> (products: [Double], sums: [Double]) {
    var products = Array(repeating: 0.0, count: scale.count)
    var sums = products
    let (gradient, input) = (node.gradient, node.inputs[0])
    let (g, x) = (gradient.span, input.span)
    var start = 0
    for _ in 0..<node.count {
      for channel in scale.indices {
        var (product, sum) = (0.0, 0.0)
        for index in start..<start + plane {
          product += Double(g[index]) * Double(x[index])
          sum += Double(g[index])
        }
        products[channel] += product
        sums[channel] += sum
        start += plane
      }
    }
    return (products, sums)
  }
}
