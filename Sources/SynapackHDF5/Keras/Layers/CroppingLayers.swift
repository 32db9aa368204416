internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Cropping1D and Cropping2D.
///
///     Cropping(x) → pad with negative edges
enum CroppingLayers: KerasLayerFamily {
  static let lowerings = [lowering(1), lowering(2)]

  private static func lowering(_ axes: Int) -> KerasLowering {
    KerasLowering("Cropping\(axes)D", keys: ["cropping", "data_format"]) {
      (context, builder) throws(PackError) in
      // Without a value Keras crops one cell, as it pads one.
      let edges = try context.edges("cropping", axes)
      let cut = Edges(
        top: -edges.top, left: -edges.left, bottom: -edges.bottom, right: -edges.right)
      return try context.padded(axes, cut, &builder)
    }
  }
}
