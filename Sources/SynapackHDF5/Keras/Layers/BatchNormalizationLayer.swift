internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// BatchNormalization of the last axis, by its stored statistics.
///
///     BatchNormalization(x) → batchNormalization; ones and zeros where scale or center is off
enum BatchNormalizationLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering(
      "BatchNormalization", keys: ["axis", "epsilon", "scale", "center", "renorm"],
      harmless: KerasLowering.training(of: "beta", "gamma").union([
        "moving_mean_initializer", "moving_variance_initializer", "momentum", "synchronized",
        "fused", "renorm_clipping", "renorm_momentum",
      ]), body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let config = context.config
    guard !(try config.flag("renorm", default: false)) else {
      throw context.unsupported("renorm is on", hint: "use plain batch normalization")
    }
    let (input, channels) = try context.normalized(axis: config.integers("axis"), &builder)
    let hasScale = try config.flag("scale", default: true)
    let hasShift = try config.flag("center", default: true)
    let names =
      (hasScale ? ["gamma"] : []) + (hasShift ? ["beta"] : [])
      + ["moving_mean", "moving_variance"]
    let variables = try context.variables(names, &builder)
    func vector(_ name: String, _ standard: Float) throws(PackError) -> String {
      guard names.contains(name) else {
        return try builder.store(
          "\(context.name)/\(name)", [channels], Array(repeating: standard, count: channels))
      }
      let variable = try context.variable(name, of: variables, shape: [channels])
      return try builder.vector(variable, input.layout)
    }
    let op = BatchNormalization(
      scale: try vector("gamma", 1), shift: try vector("beta", 0),
      mean: try vector("moving_mean", 0), variance: try vector("moving_variance", 1),
      epsilon: Float(try config.number("epsilon", default: 1e-3)))
    let wire = try builder.add(context.name, .batchNormalization(op), [input.wire])
    return KerasTensor(wire: wire, shape: input.shape, layout: input.layout)
  }
}

extension KerasLayerContext {
  /// The input with the axis that a layer normalizes first, and the extent of that axis.
  ///
  /// - Throws: `SYN0206` where it is another axis than the last.
  func normalized(
    axis: [Int]?, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> (input: KerasTensor, channels: Int) {
    let rank = input.shape.count
    guard let channels = input.shape.last, axis == nil || axis == [-1] || axis == [rank] else {
      throw unsupported(
        "the axis is \(axis ?? []) of \(rank + 1)", hint: "normalize the last axis")
    }
    guard rank > 1 else { return (input, channels) }
    return (try builder.channelsFirst(input, name: name + ".input"), channels)
  }
}

extension KerasGraphBuilder {
  /// Stores a vector in the order of a wire.
  mutating func vector(
    _ variable: KerasVariable, _ layout: KerasTensor.Layout
  ) throws(PackError) -> String {
    guard case .flattened(let segments) = layout else { return store(variable) }
    return try store(
      variable, form: "in the order of \(segments)", variable.tensor.shape.dimensions
    ) { values in
      KerasTensor.Layout.order(segments).map { values[$0] }
    }
  }
}
