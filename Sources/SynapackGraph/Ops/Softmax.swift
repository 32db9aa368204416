public import SynapackSupport
public import SynapackTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Probabilities over the places of one axis, or their logarithms.
///
///     y[i] = exp(x[i] − max x) / Σ_j exp(x[j] − max x)
///
/// i, j: places along `axis`; the other axes stand for separate distributions. With
/// `isLogarithmic` the result is ln y, computed as x[i] − max x − ln Σ_j exp(x[j] − max x).
public struct Softmax: OpPayload {
  public static let name = "softmax"

  /// An axis of one sample, or −1 for the last.
  public var axis: Int
  public var isLogarithmic: Bool

  public init(axis: Int = -1, isLogarithmic: Bool = false) {
    self.axis = axis
    self.isLogarithmic = isLogarithmic
  }

  /// The axis as a place in the shape; `nil` where it is none.
  public func resolvedAxis(_ shape: Shape) -> Int? {
    let place = axis == -1 ? shape.rank - 1 : axis
    return (0..<shape.rank).contains(place) ? place : nil
  }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard resolvedAxis(input) != nil else {
      throw wrongShape("softmax along axis \(axis) of \(input)")
    }
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    guard let axis = resolvedAxis(input.shape) else { return result }
    for index in result.values.indices where input.shape.position(at: index)[axis] == 0 {
      let places = (0..<input.shape[axis]).map { index + $0 * input.shape.strides[axis] }
      let values = distribution(places.map { input.values[$0] })
      for (place, value) in zip(places, values) { result.values[place] = value }
    }
    return result
  }

  private func distribution(_ values: [Float]) -> [Float] {
    let peak = values.max() ?? 0
    let sum = values.reduce(0) { $0 + Double(exp($1 - peak)) }
    return values.map { value in
      isLogarithmic
        ? Float(Double(value - peak) - log(sum)) : Float(Double(exp(value - peak)) / sum)
    }
  }
}
