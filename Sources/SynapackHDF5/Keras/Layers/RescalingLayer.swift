internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Rescaling: a factor and an offset for all values or for each place of the last axis.
///
///     Rescaling(x) → scale where there is one factor and no offset, else channelAffine
enum RescalingLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Rescaling", keys: ["scale", "offset"]) {
      (context, builder) throws(PackError) in
      let scale = try context.config.numbers("scale") ?? [1]
      let offset = try context.config.numbers("offset") ?? [0]
      if scale.count == 1, offset == [0] {
        return try context.unary(.scale(Scale(factor: scale[0])), &builder)
      }
      return try context.affine(scale: scale, shift: offset, &builder)
    }
  ]
}

extension KerasLayerContext {
  /// The layer as `scale · x + shift`, each one number or one for each place of the last axis.
  func affine(
    scale: [Float], shift: [Float], _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    guard let width = input.shape.last,
      [scale, shift].allSatisfy({ [1, width].contains($0.count) })
    else {
      throw wrongShape("has \(scale.count) factors and \(shift.count) offsets for \(input.shape)")
    }
    let isUniform = scale.count == 1 && shift.count == 1
    var value = input
    if input.shape.count > 1, !isUniform {
      value = try builder.channelsFirst(input, name: name + ".input")
    }
    if case .flattened = value.layout, !isUniform {
      value = try builder.rowMajor(value, name: name + ".input")
    }
    let channels = builder.shape(value.wire)[0]
    func vector(_ values: [Float]) -> [Float] {
      values.count == 1 ? Array(repeating: values[0], count: channels) : values
    }
    let op = ChannelAffine(
      scale: try builder.store(name + "/scale", [channels], vector(scale)),
      shift: try builder.store(name + "/offset", [channels], vector(shift)))
    let wire = try builder.add(name, .channelAffine(op), [value.wire])
    return KerasTensor(wire: wire, shape: value.shape, layout: value.layout)
  }
}
