public import SynapackSupport
public import SynapackTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Probabilities over the classes of a vector.
///
///     y[i] = exp(x[i] − max x) / Σ_j exp(x[j] − max x)
public struct Softmax: OpPayload {
  public static let name = "softmax"

  public init() {}

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard input.rank == 1 else { throw wrongShape("softmax takes a vector, not \(input)") }
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    let peak = input.values.max() ?? 0
    let powers = input.values.map { exp($0 - peak) }
    let sum = powers.reduce(0, +)
    return FloatArray(shape: input.shape, values: powers.map { $0 / sum })
  }
}
