internal import SynapackGraph

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The derivative of a function of one number, applied to every value.
///
///     x̄ = g · f′(x)
struct ActivationGradient: GradientKernel {
  let function: Activation.Function

  func gradients(_ node: NodePass) -> NodeGradients {
    var result = node.gradient
    var gradient = result.mutableSpan
    let input = node.inputs[0]
    let x = input.span
    for index in gradient.indices { gradient[index] *= function.derivative(x[index]) }
    return NodeGradients(inputs: [result])
  }
}

extension Activation.Function {
  /// f′(x), computed in double precision; at a kink the derivative of one side.
  ///
  /// Floor, ceiling and rounding are passed straight through as 1 (Bengio et al., "Estimating or
  /// propagating gradients through stochastic neurons", 2013); the sign has the derivative 0.
  func derivative(_ value: Float) -> Float { Float(slope(Double(value))) }

  private func slope(_ x: Double) -> Double {
    switch self {
    case .absolute: return x > 0 ? 1 : x < 0 ? -1 : 0
    case .negate: return -1
    case .reciprocal: return -1 / (x * x)
    case .squareRoot: return 0.5 / x.squareRoot()
    case .exponential: return exp(x)
    case .logarithm: return 1 / x
    case .sine: return cos(x)
    case .cosine: return -sin(x)
    case .floor, .ceiling, .roundHalfEven: return 1
    case .sign: return 0
    case .sigmoid: return Self.sigmoid(x) * Self.sigmoid(-x)
    case .hyperbolicTangent: return 1 - tanh(x) * tanh(x)
    case .errorFunction: return 2 / Double.pi.squareRoot() * exp(-x * x)
    case .gelu:
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      return 0.5 * erfc(-x * 0.5.squareRoot()) + x * density
    case .geluTanh: return Self.geluTanhSlope(x)
    case .softplus: return Self.sigmoid(x)
    case .softsign: return 1 / ((1 + abs(x)) * (1 + abs(x)))
    case .silu: return Self.sigmoid(x) * (1 + x * Self.sigmoid(-x))
    case .mish:
      let inner = tanh(max(x, 0) + log1p(exp(-abs(x))))
      return inner + x * (1 - inner * inner) * Self.sigmoid(x)
    case .hardSwish: return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6
    case .hardSigmoid(let slope, let offset):
      let line = Double(slope) * x + Double(offset)
      return line > 0 && line < 1 ? Double(slope) : 0
    case .leakyRelu(let slope): return x < 0 ? Double(slope) : 1
    case .elu(let alpha): return x < 0 ? Double(alpha) * exp(x) : 1
    case .selu(let alpha, let gamma):
      return Double(gamma) * (x > 0 ? 1 : Double(alpha) * exp(x))
    case .celu(let alpha): return x > 0 ? 1 : exp(x / Double(alpha))
    case .thresholdedRelu(let alpha): return x > Double(alpha) ? 1 : 0
    }
  }

  /// σ(x), which underflows to 0 and does not overflow.
  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// With u = √(2/π)·(x + 0.044715·x³):  σ(2u) + 2x·u′·σ(2u)·σ(−2u).
  private static func geluTanhSlope(_ x: Double) -> Double {
    let factor = (2 / Double.pi).squareRoot()
    let inner = factor * (x + 0.044715 * x * x * x)
    let slope = factor * (1 + 3 * 0.044715 * x * x)
    let open = sigmoid(2 * inner)
    return open + 2 * x * slope * open * sigmoid(-2 * inner)
  }
}
