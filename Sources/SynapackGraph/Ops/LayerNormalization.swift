public import SynapackSupport
public import SynapackTensor

/// Normalization of each sample's trailing axes by their own mean and variance.
///
///     y[p, q] = γ[q] · (x[p, q] − μ[p]) / √(σ²[p] + ε) + β[q]
///
/// q: the places along the axes from `axis` on; p: those along the axes before; μ[p], σ²[p]: mean
/// and variance over q, the variance with the divisor n; γ: scale, 1 where absent; β: shift, 0
/// where absent, both of the shape of the axes from `axis` on.
///
/// Source: Ba et al., "Layer normalization", 2016, eq. 3 and 4; ONNX LayerNormalization.
public struct LayerNormalization: OpPayload {
  public static let name = "layerNormalization"

  public var axis: Int
  public var scale: String?
  public var shift: String?
  public var epsilon: Float

  public init(axis: Int, scale: String?, shift: String?, epsilon: Float) {
    self.axis = axis
    self.scale = scale
    self.shift = shift
    self.epsilon = epsilon
  }

  public var weightNames: [String] { [scale, shift].compactMap { $0 } }

  public func outputShape(_ inputs: [Shape], _ weights: WeightStore) throws(PackError) -> Shape {
    let input = try single(inputs)
    guard (0..<input.rank).contains(axis) else {
      throw wrongShape("layerNormalization from axis \(axis) of \(input)")
    }
    let normalized = Array(input.dimensions[axis...])
    for name in weightNames {
      let shape = try weights.tensor(name).shape
      guard shape.dimensions == normalized else {
        throw wrongShape("`\(name)` is \(shape), \(normalized) was expected")
      }
    }
    return input
  }

  public func evaluate(
    _ inputs: [FloatArray], _ weights: WeightStore
  ) throws(PackError) -> FloatArray {
    let input = try single(inputs)
    var result = FloatArray(shape: try outputShape([input.shape], weights))
    let gamma = try scale.map { (name) throws(PackError) in try weights.floats(name) }
    let beta = try shift.map { (name) throws(PackError) in try weights.floats(name) }
    let size = max(1, input.shape.dimensions[axis...].reduce(1, *))
    for start in stride(from: 0, to: input.values.count, by: size) {
      let normalized = standardized(Array(input.values[start..<start + size]), epsilon)
      for (place, value) in normalized.enumerated() {
        result.values[start + place] = (gamma?[place] ?? 1) * value + (beta?[place] ?? 0)
      }
    }
    return result
  }
}

extension OpPayload {
  /// (x − mean) / √(variance + ε) of a list of values.
  func standardized(_ values: [Float], _ epsilon: Float) -> [Float] {
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + Double($1) } / count
    let variance =
      values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    let factor = 1 / (variance + Double(epsilon)).squareRoot()
    return values.map { Float((Double($0) - mean) * factor) }
  }
}
