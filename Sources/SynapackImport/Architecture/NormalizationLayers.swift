internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Normalization by stored or by computed statistics.
///
///     - batch-normalization: PREFIX    weight, bias, running_mean, running_var, each [C]
///     - layer-normalization: PREFIX    weight and bias of the last axes, if present
enum NormalizationLayers: ArchitectureLayerFamily {
  static let layers = [
    ArchitectureLayer(
      "batch-normalization", keys: ["scale", "shift", "mean", "variance", "epsilon"], batch),
    ArchitectureLayer(
      "layer-normalization", keys: ["scale", "shift", "axes", "epsilon"], layer),
  ]

  @Sendable private static func batch(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let channels = builder.shape(wire).dimensions.first ?? 0
    let epsilon = try context.number(context.options["epsilon"], "epsilon", default: 1e-5)
    let scale = try builder.vector(context.tensorName("scale", "weight"), count: channels)
    let shift = try builder.vector(context.tensorName("shift", "bias"), count: channels)
    let mean = try builder.vector(context.tensorName("mean", "running_mean"), count: channels)
    let variance = try builder.vector(
      context.tensorName("variance", "running_var"), count: channels)
    let variances = try builder.take(variance).floats()
    guard variances.allSatisfy({ ($0 + epsilon).isFinite && $0 + epsilon > 0 }) else {
      throw PackError(
        .notFinite, "a variance plus epsilon is not positive, so that its root has no value",
        at: .tensor(variance), hint: "find where the value comes from; retrain the model")
    }
    let op = BatchNormalization(
      scale: scale, shift: shift, mean: mean, variance: variance, epsilon: epsilon)
    return try builder.network.add(context.name, .batchNormalization(op), [wire])
  }

  @Sendable private static func layer(
    _ context: LayerContext, _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> WireID {
    let wire = try context.input()
    let input = builder.shape(wire)
    let scale = try affine(context, "scale", "weight", input, &builder)
    let shift = try affine(context, "shift", "bias", input, &builder)
    let rank = scale?.rank ?? shift?.rank
    let axes = try context.integer("axes", default: rank ?? 1, in: 1...8)
    guard axes <= input.rank, rank ?? axes == axes, shift?.rank ?? axes == axes else {
      throw context.refusal("\(axes) axes do not fit an input of \(input) and its weights")
    }
    let op = LayerNormalization(
      axis: input.rank - axes, scale: scale?.name, shift: shift?.name,
      epsilon: try context.number(context.options["epsilon"], "epsilon", default: 1e-5))
    return try builder.network.add(context.name, .layerNormalization(op), [wire])
  }

  /// A tensor over the last axes of the input, where the file has it.
  private static func affine(
    _ context: LayerContext, _ key: String, _ suffix: String, _ input: Shape,
    _ builder: inout ArchitectureBuilder
  ) throws(PackError) -> (name: String, rank: Int)? {
    guard context.options[key] != nil || context.value.text != nil else { return nil }
    let name = try context.tensorName(key, suffix)
    guard context.options[key] != nil || builder.has(name) else { return nil }
    let shape = try builder.take(name).shape
    guard (1...max(1, input.rank)).contains(shape.rank),
      Array(input.dimensions.suffix(shape.rank)) == shape.dimensions
    else { throw builder.misshapen(name, "it is \(shape), which does not end \(input)") }
    return (try builder.weight(name), shape.rank)
  }
}
