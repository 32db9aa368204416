internal import SynapackGraph
internal import SynapackSupport

/// ReLU with its maximum, slope and threshold.
///
///     ReLU()              → relu
///     ReLU(max)           → clip 0...max
///     ReLU(slope)         → leakyRelu
///     ReLU(threshold)     → thresholdedRelu
///     any two of them     → min(x·[x > t], max) − slope·max(t − x, 0), in nodes of its own
///
/// Source: Keras 2 and 3, `keras.backend.relu` and `keras.activations.relu`.
enum ReLULayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("ReLU", keys: ["max_value", "negative_slope", "threshold"], body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let slope = Float(try context.config.number("negative_slope", default: 0))
    let threshold = Float(try context.config.number("threshold", default: 0))
    let largest = Float(try context.config.number("max_value", default: .infinity))
    guard largest >= 0, slope.isFinite, threshold.isFinite else {
      throw context.unsupported(
        "max_value is \(largest), negative_slope \(slope), threshold \(threshold)",
        hint: "check this layer in the source model")
    }
    switch (largest.isFinite, slope != 0, threshold != 0) {
    case (false, false, false): return try context.unary(.relu(Relu()), &builder)
    case (true, false, false):
      return try context.unary(.clip(Clip(lower: 0, upper: largest)), &builder)
    case (false, true, false): return try context.elementwise(.leakyRelu(slope: slope), &builder)
    case (false, false, true):
      return try context.elementwise(.thresholdedRelu(alpha: threshold), &builder)
    case (true, _, _), (false, true, true):
      return try composed(context, slope, threshold, largest, &builder)
    }
  }

  private static func composed(
    _ context: KerasLayerContext, _ slope: Float, _ threshold: Float, _ largest: Float,
    _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let input = context.input
    let name = context.name
    var wire = try builder.add(
      name + ".threshold", .activation(Activation(.thresholdedRelu(alpha: threshold))),
      [input.wire])
    if largest.isFinite {
      wire = try builder.add(
        name + ".clip", .clip(Clip(lower: 0, upper: largest)), [wire])
    }
    if slope != 0 {
      let scalar = try builder.store(name + "/threshold", [1], [threshold])
      let level = try builder.add(name + ".level", .constant(Constant(weight: scalar)), [])
      let below = try builder.add(
        name + ".below", .binary(Binary(.subtract)), [level, input.wire])
      let rectified = try builder.add(name + ".rectified", .relu(Relu()), [below])
      let scaled = try builder.add(name + ".slope", .scale(Scale(factor: slope)), [rectified])
      wire = try builder.add(name, .binary(Binary(.subtract)), [wire, scaled])
    }
    return KerasTensor(wire: wire, shape: input.shape, layout: input.layout)
  }
}
