internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// GlobalMaxPooling and GlobalAveragePooling: one value a channel.
///
///     GlobalAveragePooling(x) → averagePool over the whole plane, then reshape unless keepdims
///     GlobalMaxPooling(x)     → maxPool likewise
enum GlobalPoolingLayers: KerasLayerFamily {
  static let lowerings = (1...2).flatMap { axes in
    ["GlobalMaxPooling", "GlobalMaxPool"].map {
      lowering("\($0)\(axes)D", axes, isMaximum: true)
    }
      + ["GlobalAveragePooling", "GlobalAvgPool"].map {
        lowering("\($0)\(axes)D", axes, isMaximum: false)
      }
  }

  private static func lowering(
    _ name: String, _ axes: Int, isMaximum: Bool
  ) -> KerasLowering {
    KerasLowering(name, keys: ["keepdims", "data_format"]) {
      (context, builder) throws(PackError) in
      let input = try context.planes(axes, &builder)
      let height = axes == 1 ? 1 : input.shape[0]
      let window = Window(kernel: Extent(y: height, x: input.shape[axes - 1]))
      let op: Op =
        isMaximum
        ? .maxPool(MaxPool(window: window))
        : .averagePool(AveragePool(window: window, countsPadding: false))
      let wire = try builder.add(context.name, op, [input.wire])
      guard !(try context.config.flag("keepdims", default: false)) else {
        return KerasTensor(planes: wire, builder)
      }
      let shape = [input.shape[axes]]
      return KerasTensor(
        wire: try builder.reshaped(wire, shape, name: context.name + ".reshape"), shape: shape,
        layout: .rowMajor)
    }
  }
}
