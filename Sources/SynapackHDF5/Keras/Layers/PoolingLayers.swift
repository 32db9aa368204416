internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// MaxPooling and AveragePooling over one to three axes; the padding never counts.
///
///     MaxPooling1D, 2D(x)      → maxPool
///     AveragePooling1D, 2D(x)  → averagePool
///     MaxPooling3D, Average… → volumePool
enum PoolingLayers: KerasLayerFamily {
  static let lowerings = (1...3).flatMap { axes in
    // Keras has a short name for each, which older files use.
    ["MaxPooling", "MaxPool"].map { lowering("\($0)\(axes)D", axes, isMaximum: true) }
      + ["AveragePooling", "AvgPool"].map { lowering("\($0)\(axes)D", axes, isMaximum: false) }
  }

  private static func lowering(
    _ name: String, _ axes: Int, isMaximum: Bool
  ) -> KerasLowering {
    KerasLowering(name, keys: ["pool_size", "strides", "padding", "data_format"]) {
      (context, builder) throws(PackError) in
      let input = try context.planes(axes, &builder)
      let size = try context.config.sizes("pool_size", axes, default: 2)
      let stride =
        context.config["strides"] == nil ? size : try context.config.sizes("strides", axes)
      let window = try KerasWindow(
        kernel: size, stride: stride, input: Array(input.shape.prefix(axes)), context)
      let op: Op =
        if axes == 3 {
          .volumePool(
            VolumePool(
              isMaximum ? .maximum : .average(countsPadding: false), window: window.volume))
        } else if isMaximum {
          .maxPool(MaxPool(window: window.plane))
        } else {
          .averagePool(AveragePool(window: window.plane, countsPadding: false))
        }
      return KerasTensor(planes: try builder.add(context.name, op, [input.wire]), builder)
    }
  }
}
