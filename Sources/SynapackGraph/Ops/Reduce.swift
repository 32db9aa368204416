public import SynapackSupport
public import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One value for all places along some axes.
///
///     y[p] = f of { x[p, q] for all q }
///
/// q: the places along `axes`; p: those along the other axes. With `keepsAxes` the reduced axes
/// stay with the extent 1. An empty list of axes reduces nothing: f is taken of single values. Of
/// no values at all, f is the sum's 0, the product's 1, the maximum's −∞.
public struct Reduce: OpPayload {
  public static let name = "reduce"

  public enum Function: Sendable, Hashable {
    /// Σ x
    case sum
    /// (Σ x) / n
    case mean
    /// max x
    case maximum
    /// min x
    case minimum
    /// Π x
    case product
    /// Σ |x|
    case absoluteSum
    /// √(Σ x²)
    case norm
    /// Σ x²
    case squareSum
    /// ln(Σ x)
    case logarithmOfSum
    /// ln(Σ eˣ)
    case logarithmOfExponentialSum
  }

  public var function: Function
  /// Axes of one sample in ascending order.
  public var axes: [Int]
  public var keepsAxes: Bool

  public init(_ function: Function, axes: [Int], keepsAxes: Bool) {
    self.function = function
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }),
      axes.allSatisfy({ (0..<input.rank).contains($0) })
    else { throw wrongShape("the axes \(axes) are not axes of \(input) in ascending order") }
    let reduced = Set(axes)
    var dimensions: [Int] = []
    for axis in 0..<input.rank {
      if !reduced.contains(axis) {
        dimensions.append(input[axis])
      } else if keepsAxes {
        dimensions.append(1)
      }
    }
    return try Shape(dimensions)
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    let shape = try outputShape([input.shape], weights)
    let kept = try Reduce(function, axes: axes, keepsAxes: true)
      .outputShape([input.shape], weights)
    var groups: [[Float]] = Array(repeating: [], count: shape.count)
    for (index, value) in input.values.enumerated() {
      groups[kept.index(stretchedTo: input.shape.position(at: index))].append(value)
    }
    return FloatArray(shape: shape, values: groups.map { function.value($0) })
  }
}

extension Reduce.Function {
  /// The function of a list of values.
  public func value(_ values: [Float]) -> Float {
    var sum = 0.0
    switch self {
    case .sum, .mean, .logarithmOfSum:
      for value in values { sum += Double(value) }
    case .maximum: return values.reduce(-.infinity) { max($1, $0) }
    case .minimum: return values.reduce(.infinity) { min($1, $0) }
    case .product: return values.reduce(1, *)
    case .absoluteSum:
      for value in values { sum += Double(abs(value)) }
    case .norm, .squareSum:
      for value in values { sum += Double(value) * Double(value) }
    case .logarithmOfExponentialSum: return Reduce.logarithmOfExponentialSum(values)
    }
    return finished(sum, count: values.count)
  }

  /// What a function that starts with a sum makes of it.
  @inline(__always)
  public func finished(_ sum: Double, count: Int) -> Float {
    switch self {
    case .mean: Float(sum / Double(count))
    case .norm: Float(sum.squareRoot())
    case .logarithmOfSum, .logarithmOfExponentialSum: Float(log(sum))
    case .sum, .maximum, .minimum, .product, .absoluteSum, .squareSum: Float(sum)
    }
  }
}

extension Reduce {
  /// max x + ln(Σ exp(x − max x)), which does not overflow.
  static func logarithmOfExponentialSum(_ values: [Float]) -> Float {
    let peak = Double(values.max() ?? -.infinity)
    guard peak.isFinite else { return Float(peak) }
    return Float(peak + log(values.reduce(0) { $0 + exp(Double($1) - peak) }))
  }
}
