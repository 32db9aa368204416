internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// LayerNormalization over the last axis, or over all axes of a sample.
///
///     LayerNormalization(x) → layerNormalization, the last axis standing last
enum LayerNormalizationLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering(
      "LayerNormalization", keys: ["axis", "epsilon", "scale", "center", "rms_scaling"],
      harmless: KerasLowering.training(of: "beta", "gamma"), body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let config = context.config
    guard !(try config.flag("rms_scaling", default: false)) else {
      throw context.unsupported("rms_scaling is on", hint: "use plain layer normalization")
    }
    let input = try builder.rowMajor(context.input, name: context.name + ".input")
    let rank = input.shape.count
    let axes = (try config.integers("axis") ?? [-1]).map { $0 < 0 ? $0 + rank : $0 - 1 }
    guard let first = axes.min(), axes.sorted() == Array(max(0, first)..<rank), first >= 0 else {
      throw context.unsupported(
        "the axes are \(axes.map { $0 + 1 })", hint: "normalize the last axes")
    }
    let shape = Array(input.shape[first...])
    let hasScale = try config.flag("scale", default: true)
    let hasShift = try config.flag("center", default: true)
    let variables = try context.variables(
      (hasScale ? ["gamma"] : []) + (hasShift ? ["beta"] : []), &builder)
    let op = LayerNormalization(
      axis: first,
      scale: hasScale
        ? builder.store(try context.variable("gamma", of: variables, shape: shape)) : nil,
      shift: hasShift
        ? builder.store(try context.variable("beta", of: variables, shape: shape)) : nil,
      epsilon: Float(try config.number("epsilon", default: 1e-3)))
    let wire = try builder.add(context.name, .layerNormalization(op), [input.wire])
    return KerasTensor(wire: wire, shape: input.shape, layout: .rowMajor)
  }
}
