import SynapackGraph
import SynapackSupport
import SynapackTensor
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The scalar functions against their textbook form in double precision.
struct ActivationFunctionTests {
  private typealias Case = (function: Activation.Function, exact: @Sendable (Double) -> Double)

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static let cases: [Case] = [
    (.absolute, { abs($0) }), (.negate, { -$0 }), (.reciprocal, { 1 / $0 }),
    (.exponential, { exp($0) }), (.sine, { sin($0) }), (.cosine, { cos($0) }),
    (.sigmoid, { sigmoid($0) }), (.hyperbolicTangent, { tanh($0) }),
    (.errorFunction, { erf($0) }), (.gelu, { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }),
    (
      .geluTanh,
      { x in x * sigmoid(2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)) }
    ),
    (.softplus, { $0 > 30 ? $0 : log1p(exp($0)) }), (.softsign, { $0 / (1 + abs($0)) }),
    (.silu, { $0 * sigmoid($0) }), (.mish, { $0 * tanh(log1p(exp($0))) }),
    (.hardSwish, { $0 * min(max($0 / 6 + 0.5, 0), 1) }),
    (.hardSigmoid(slope: 0.25, offset: 0.5), { min(max(0.25 * $0 + 0.5, 0), 1) }),
    (.leakyRelu(slope: 0.125), { $0 < 0 ? 0.125 * $0 : $0 }),
    (.elu(alpha: 1.5), { $0 < 0 ? 1.5 * expm1($0) : $0 }),
    (.selu(alpha: 1.5, gamma: 1.25), { 1.25 * ($0 > 0 ? $0 : 1.5 * expm1($0)) }),
    (.celu(alpha: 2), { max($0, 0) + min(2 * expm1($0 / 2), 0) }),
    (.thresholdedRelu(alpha: 1), { $0 > 1 ? $0 : 0 }),
  ]

  @Test(arguments: cases.indices) func isWithinAMillionth(index: Int) {
    let (function, exact) = Self.cases[index]
    for step in -640...640 where step != 0 {
      let x = Float(step) / 32
      let value = Double(function.value(x))
      let expected = exact(Double(x))
      // Near the zeros of sine and cosine only the argument's own rounding is left.
      let unit = max(abs(expected), 1e-30)
      #expect(abs(value - expected) <= 1e-6 * unit, "\(function) of \(x): \(value), \(expected)")
    }
  }

  @Test func stepsAndEdges() {
    func of(_ function: Activation.Function, _ values: [Float]) -> [Float] {
      var values = values
      function.apply(to: &values)
      return values
    }
    #expect(of(.roundHalfEven, [0.5, 1.5, 2.5, -0.5, -1.5]) == [0, 2, 2, 0, -2])
    #expect(of(.floor, [1.5, -1.5]) == [1, -2])
    #expect(of(.ceiling, [1.5, -1.5]) == [2, -1])
    #expect(of(.sign, [2, -3, 0, -0.0]) == [1, -1, 0, 0])
    #expect(of(.squareRoot, [4, 0]) == [2, 0])
    #expect(of(.logarithm, [1]) == [0])
    #expect(of(.thresholdedRelu(alpha: 1), [1, 1.5]) == [0, 1.5])
    let infinite: [Float] = [-.infinity, .infinity]
    #expect(of(.sigmoid, infinite) == [0, 1])
    #expect(of(.softplus, infinite) == [0, .infinity])
    for gate in [Activation.Function.gelu, .geluTanh, .silu, .mish] {
      #expect(of(gate, infinite) == [0, .infinity], "\(gate)")
      #expect(of(gate, [.nan])[0].isNaN, "\(gate)")
    }
  }
}
