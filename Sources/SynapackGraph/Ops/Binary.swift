public import SynapackSupport
public import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One function of two numbers, applied place by place to two wires.
///
///     y[p] = f(a[p], b[p])
///
/// a, b: the inputs, stretched to their common shape as ``Shape/broadcast(with:)`` says.
public struct Binary: OpPayload {
  public static let name = "binary"

  public enum Function: Sendable, Hashable {
    /// a + b
    case add
    /// a − b
    case subtract
    /// a · b
    case multiply
    /// a / b
    case divide
    /// aᵇ
    case power
    /// The smaller of both.
    case minimum
    /// The larger of both.
    case maximum
    /// a for a ≥ 0, b·a below
    case parametricRelu
    /// 1 where a < b, else 0; the following likewise
    case less
    case lessOrEqual
    case equal

    /// The function of `a` and `b`.
    @inline(__always)
    public func value(_ a: Float, _ b: Float) -> Float {
      switch self {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .power: pow(a, b)
      case .minimum: min(a, b)
      case .maximum: max(a, b)
      case .parametricRelu: a < 0 ? b * a : a
      case .less: a < b ? 1 : 0
      case .lessOrEqual: a <= b ? 1 : 0
      case .equal: a == b ? 1 : 0
      }
    }
  }

  public var function: Function

  public init(_ function: Function) {
    self.function = function
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    guard inputs.count == 2, let shape = inputs[0].broadcast(with: inputs[1]) else {
      throw wrongShape("binary takes two inputs that stretch to one shape, not \(inputs)")
    }
    return shape
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    var result = FloatArray(shape: try outputShape(inputs.map(\.shape), weights))
    let (a, b) = (inputs[0], inputs[1])
    for index in result.values.indices {
      let position = result.shape.position(at: index)
      result.values[index] = function.value(
        a.values[a.shape.index(stretchedTo: position)],
        b.values[b.shape.index(stretchedTo: position)])
    }
    return result
  }
}
