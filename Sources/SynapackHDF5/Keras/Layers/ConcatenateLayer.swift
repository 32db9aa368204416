internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Concatenate along an axis.
///
///     Concatenate(x…) → concat; flattened planes stay in the order of their wires
enum ConcatenateLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Concatenate", keys: ["axis"], inputs: 1...1024, body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let axis = try context.config.integer("axis", default: -1)
    let isVector = context.inputs.allSatisfy { $0.shape.count == 1 }
    let values = isVector ? try vectors(context, &builder) : try context.alike(&builder)
    guard let place = values[0].wireAxis(axis) else {
      throw context.unsupported("the axis is \(axis)", hint: "use an axis of the inputs")
    }
    let wire = try builder.add(
      context.name, .concat(Concat(axis: place)), values.map(\.wire))
    var shape = builder.shape(wire).dimensions
    guard !isVector else {
      let segments = values.flatMap { value in
        if case .flattened(let segments) = value.layout { return segments }
        return [value.shape]
      }
      return KerasTensor(wire: wire, shape: shape, layout: .vector(segments))
    }
    let layout = values[0].layout
    if layout == .channelsFirst { shape = Array(shape.dropFirst()) + shape.prefix(1) }
    return KerasTensor(wire: wire, shape: shape, layout: layout)
  }

  /// Pieces of a vector that are kept apart; what has more is put in Keras' order.
  private static let largestSegmentCount = 1 << 10

  private static func vectors(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> [KerasTensor] {
    let counts = context.inputs.map { value in
      if case .flattened(let segments) = value.layout { segments.count } else { 1 }
    }
    guard counts.reduce(0, +) > largestSegmentCount else { return context.inputs }
    var values: [KerasTensor] = []
    for value in context.inputs {
      values.append(try builder.rowMajor(value, name: context.name + ".input"))
    }
    return values
  }
}
