internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Normalization by a mean and a variance that were given or adapted to the data.
///
///     Normalization(x)          → channelAffine, (x − μ) / max(√σ², 10⁻⁷)
///     Normalization(x, invert)  → channelAffine, x · max(√σ², 10⁻⁷) + μ
///
/// Source: Keras 3, `keras.layers.Normalization`.
enum NormalizationLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Normalization", keys: ["axis", "mean", "variance", "invert"], body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let config = context.config
    let axis = try config.integers("axis") ?? []
    let rank = context.input.shape.count
    guard axis.isEmpty || axis == [-1] || axis == [rank] else {
      throw context.unsupported("the axis is \(axis)", hint: "normalize the last axis")
    }
    let (mean, variance) = try statistics(context, &builder)
    let deviation = variance.map { max($0.squareRoot(), 1e-7) }
    guard variance.allSatisfy({ $0 >= 0 }), mean.count == deviation.count else {
      throw context.unsupported(
        "\(mean.count) means and \(variance.count) variances, one of them negative or missing",
        hint: "check this layer in the source model")
    }
    if try config.flag("invert", default: false) {
      return try context.affine(scale: deviation, shift: mean, &builder)
    }
    let scale = deviation.map { 1 / $0 }
    return try context.affine(
      scale: scale, shift: zip(mean, scale).map { -$0 * $1 }, &builder)
  }

  private static func statistics(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> (mean: [Float], variance: [Float]) {
    if let mean = try context.config.numbers("mean"),
      let variance = try context.config.numbers("variance")
    {
      return (mean, variance)
    }
    let variables = try context.variables(["mean", "variance", "count"], &builder)
    guard let mean = variables["mean"], let variance = variables["variance"] else {
      throw context.unsupported("it was not adapted", hint: "call `adapt` before saving")
    }
    return (mean.tensor.floats(), variance.tensor.floats())
  }
}
