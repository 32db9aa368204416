internal import SynapackGraph
internal import SynapackSupport

/// Flatten: the vector keeps the order of the wire, and what reads it puts up with that.
///
///     Flatten(x) → reshape
enum FlattenLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Flatten", keys: ["data_format"]) { (context, builder) throws(PackError) in
      let input = context.input
      let shape = [input.count]
      let wire = try builder.reshaped(input.wire, shape, name: context.name)
      let layout =
        input.layout == .channelsFirst ? KerasTensor.Layout.vector([input.shape]) : input.layout
      return KerasTensor(wire: wire, shape: shape, layout: layout)
    }
  ]
}
