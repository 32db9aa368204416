internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Normalization of blocks of values by their own mean and variance, kept in double precision.
///
///     y = γ·n + β,  n = (x − μ)·f,  f = 1/√(σ² + ε)
///     γ̄ = Σ g·n      β̄ = Σ g      x̄ = f·(h − mean h − n·mean(h·n)),  h = γ·g
///
/// μ, σ²: mean and variance of a block; the means of the last line are over the block too.
///
/// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015, section 3, for one block.
struct NormalizationGradient: GradientKernel {
  private let size: Int
  private let epsilon: Double
  private let scale: [Float]
  private let scaleName: String?
  private let shiftName: String?
  /// The number of values that lie one after the other under one γ, and the number of γ.
  private let plane: Int
  private let period: Int

  init(_ op: LayerNormalization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    size = input.dimensions[op.axis...].reduce(1, *)
    (plane, period) = (1, size)
    epsilon = Double(op.epsilon)
    (scaleName, shiftName) = (op.scale, op.shift)
    scale = try NormalizationGradient.scale(op.scale, period, weights)
  }

  init(_ op: GroupNormalization, _ input: Shape, _ weights: WeightStore) throws(PackError) {
    size = input.count / op.groups
    (plane, period) = (input.count / input[0], input[0])
    epsilon = Double(op.epsilon)
    (scaleName, shiftName) = (op.scale, op.shift)
    scale = try NormalizationGradient.scale(op.scale, period, weights)
  }

  private static func scale(
    _ name: String?, _ count: Int, _ weights: WeightStore
  ) throws(PackError) -> [Float] {
    guard let name else { return Array(repeating: 1, count: count) }
    return try weights.floats(name)
  }

  func gradients(_ node: NodePass) -> NodeGradients {
    var values = node.gradient
    var products = Array(repeating: 0.0, count: period)
    var sums = products
    if size > 0 {
      for start in stride(from: 0, to: values.count, by: size) {
        turn(&values, node.inputs[0], start, &products, &sums)
      }
    }
    var result = NodeGradients(inputs: [values])
    if let scaleName { result.weights.append((scaleName, products.map { Float($0) })) }
    if let shiftName { result.weights.append((shiftName, sums.map { Float($0) })) }
    return result
  }

  /// Turns g into x̄ for one block and adds to the sums of each γ and β.
  private func turn(
    _ gradient: inout [Float], _ input: [Float], _ start: Int, _ products: inout [Double],
    _ sums: inout [Double]
  ) {
    let (mean, factor) = statistics(input, start)
    var (flow, work) = (0.0, 0.0)
    for i in 0..<size {
      let run = (start + i) / plane % period
      let g = Double(gradient[start + i])
      let n = (Double(input[start + i]) - mean) * factor
      products[run] += g * n
      sums[run] += g
      flow += g * Double(scale[run])
      work += g * Double(scale[run]) * n
    }
    let count = Double(size)
    for i in 0..<size {
      let h = Double(gradient[start + i]) * Double(scale[(start + i) / plane % period])
      let n = (Double(input[start + i]) - mean) * factor
      gradient[start + i] = Float(factor * (h - flow / count - n * work / count))
    }
  }

  private func statistics(_ input: [Float], _ start: Int) -> (mean: Double, factor: Double) {
    var sum = 0.0
    for index in start..<start + size { sum += Double(input[index]) }
    let mean = sum / Double(size)
    var squares = 0.0
    for index in start..<start + size {
      let difference = Double(input[index]) - mean
      squares += difference * difference
    }
    return (mean, 1 / (squares / Double(size) + epsilon).squareRoot())
  }
}
