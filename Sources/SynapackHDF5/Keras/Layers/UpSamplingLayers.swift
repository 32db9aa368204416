internal import SynapackGraph
internal import SynapackSupport

/// UpSampling1D and UpSampling2D by repetition.
///
///     UpSampling(x) → select along each axis, each place as often as stated
enum UpSamplingLayers: KerasLayerFamily {
  static let lowerings = [lowering(1), lowering(2)]

  private static func lowering(_ axes: Int) -> KerasLowering {
    KerasLowering("UpSampling\(axes)D", keys: ["size", "data_format", "interpolation"]) {
      (context, builder) throws(PackError) in
      let interpolation = try context.config.text("interpolation", default: "nearest")
      guard interpolation == "nearest" else {
        throw context.unsupported(
          "`interpolation` is `\(interpolation)`", hint: "repeat cells with `nearest`")
      }
      let sizes = try context.config.sizes("size", axes, default: 2)
      let input = try context.planes(axes, &builder)
      var wire = input.wire
      for (axis, size) in sizes.enumerated() where size > 1 {
        guard let count = input.shape[axis].times(size), count <= 1 << 24 else {
          throw context.wrongShape("makes \(input.shape[axis]) cells \(size) times as many")
        }
        try builder.reserve(elements: 2 * count)
        let op = Select(axis: axis + 1, indices: (0..<count).map { $0 / size })
        wire = try builder.add(context.name, .select(op), [wire])
      }
      return KerasTensor(planes: wire, builder)
    }
  }
}
