#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Activation {
  /// The functions, as ONNX's operators of the same names define them (operator set 21).
  public enum Function: Sendable, Hashable {
    /// |x|
    case absolute
    /// −x
    case negate
    /// 1 / x
    case reciprocal
    /// √x
    case squareRoot
    /// eˣ
    case exponential
    /// ln x
    case logarithm
    /// sin x
    case sine
    /// cos x
    case cosine
    /// ⌊x⌋
    case floor
    /// ⌈x⌉
    case ceiling
    /// The nearest integer, of two equally near the even one.
    case roundHalfEven
    /// −1, 0 or 1
    case sign
    /// σ(x) = 1 / (1 + e⁻ˣ)
    case sigmoid
    /// tanh x
    case hyperbolicTangent
    /// erf x
    case errorFunction
    /// x · Φ(x) = x/2 · (1 + erf(x / √2))
    case gelu
    /// x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³)))
    case geluTanh
    /// ln(1 + eˣ)
    case softplus
    /// x / (1 + |x|)
    case softsign
    /// x · σ(x)
    case silu
    /// x · tanh(ln(1 + eˣ))
    case mish
    /// x · min(max(x/6 + 1/2, 0), 1)
    case hardSwish
    /// min(max(slope·x + offset, 0), 1)
    case hardSigmoid(slope: Float, offset: Float)
    /// x for x ≥ 0, slope·x below
    case leakyRelu(slope: Float)
    /// x for x ≥ 0, α·(eˣ − 1) below
    case elu(alpha: Float)
    /// γ·x for x > 0, γ·α·(eˣ − 1) below
    case selu(alpha: Float, gamma: Float)
    /// max(x, 0) + min(α·(e^(x/α) − 1), 0)
    case celu(alpha: Float)
    /// x for x > α, 0 below
    case thresholdedRelu(alpha: Float)
  }
}

extension Activation.Function {
  /// The function of `x`, within 1e-6 of the exact value, relative to it.
  ///
  /// The fast execution calls this too, so that there is one definition of each function.
  @inline(__always)
  public func value(_ x: Float) -> Float {
    switch self {
    case .absolute: abs(x)
    case .negate: -x
    case .reciprocal: 1 / x
    case .squareRoot: x.squareRoot()
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .sine: sin(x)
    case .cosine: cos(x)
    case .floor: x.rounded(.down)
    case .ceiling: x.rounded(.up)
    case .roundHalfEven: x.rounded(.toNearestOrEven)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .sigmoid: 1 / (1 + exp(-x))
    case .hyperbolicTangent: tanh(x)
    case .errorFunction: erf(x)
    case .gelu: Activation.gelu(x)
    case .geluTanh: Activation.geluTanh(x)
    case .softplus: Activation.softplus(x)
    case .softsign: x / (1 + abs(x))
    case .silu: x == -.infinity ? 0 : x / (1 + exp(-x))
    case .mish: x == -.infinity ? 0 : x * tanh(Activation.softplus(x))
    // x + 3 first: it is exact near −3, where the sum with x/6 would cancel.
    case .hardSwish: x * (min(max(x + 3, 0), 6) / 6)
    case .hardSigmoid(let slope, let offset): min(max(slope * x + offset, 0), 1)
    case .leakyRelu(let slope): x < 0 ? slope * x : x
    case .elu(let alpha): x < 0 ? alpha * expm1(x) : x
    case .selu(let alpha, let gamma): gamma * (x > 0 ? x : alpha * expm1(x))
    case .celu(let alpha): max(x, 0) + min(alpha * expm1(x / alpha), 0)
    case .thresholdedRelu(let alpha): x > alpha ? x : 0
    }
  }
}

extension Activation.Function {
  /// Applies the function to every value.
  ///
  /// It stands here, beside the definition, so that the compiler joins both to one loop.
  public func apply(to values: inout [Float]) {
    var span = values.mutableSpan
    for index in span.indices { span[index] = value(span[index]) }
  }
}

extension Activation {
  /// Written with the complement of erf, because 1 + erf cancels for x far below 0.
  static func gelu(_ x: Float) -> Float {
    guard x.isFinite else { return x == -.infinity ? 0 : x }
    return Float(0.5 * Double(x) * erfc(-Double(x) * 0.5.squareRoot()))
  }

  /// (1 + tanh u) / 2 = σ(2u), which does not cancel.
  static func geluTanh(_ x: Float) -> Float {
    guard x.isFinite else { return x == -.infinity ? 0 : x }
    let value = Double(x)
    let inner = (2 / Double.pi).squareRoot() * (value + 0.044715 * value * value * value)
    return Float(value / (1 + exp(-2 * inner)))
  }

  static func softplus(_ x: Float) -> Float {
    max(x, 0) + log1p(exp(-abs(x)))
  }
}
