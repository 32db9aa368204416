internal import SynapackGraph

/// Where a smooth function bends, and what it follows outside.
struct SmoothDomain: Sendable, Hashable {
  let lower: Float
  let upper: Float
  /// Slopes below and above.
  let left: Float
  let right: Float

  /// `nil` for a function that is not smooth or follows no line.
  init?(_ function: Activation.Function) {
    switch function {
    case .gelu, .geluTanh: (lower, upper, left, right) = (-4, 4, 0, 1)
    case .silu: (lower, upper, left, right) = (-10, 10, 0, 1)
    case .mish: (lower, upper, left, right) = (-12, 8, 0, 1)
    case .softplus: (lower, upper, left, right) = (-9, 9, 0, 1)
    case .hardSwish: (lower, upper, left, right) = (-3, 3, 0, 1)
    case .sigmoid: (lower, upper, left, right) = (-9, 9, 0, 0)
    case .hyperbolicTangent: (lower, upper, left, right) = (-5, 5, 0, 0)
    case .errorFunction: (lower, upper, left, right) = (-3, 3, 0, 0)
    case .elu, .selu: (lower, upper, left, right) = (-8, 0, 0, function.slopeAbove)
    case .celu(let alpha) where (0.1...10).contains(alpha):
      (lower, upper, left, right) = (-8 * alpha, 0, 0, 1)
    case .celu: return nil
    case .absolute, .negate, .reciprocal, .squareRoot, .exponential, .logarithm, .sine, .cosine,
      .floor, .ceiling, .roundHalfEven, .sign, .softsign, .hardSigmoid, .leakyRelu,
      .thresholdedRelu:
      return nil
    }
  }
}

extension Activation.Function {
  /// The slope above zero of the exponential units.
  fileprivate var slopeAbove: Float {
    if case .selu(_, let gamma) = self { gamma } else { 1 }
  }

  /// Whether it has no value below zero.
  var isNonNegative: Bool {
    switch self {
    case .sigmoid, .softplus, .exponential, .absolute, .squareRoot, .hardSigmoid: true
    default: false
    }
  }

  /// The name without its parameters.
  var shortName: String { "\(self)".prefix { $0 != "(" }.description }
}
