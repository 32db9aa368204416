internal import SynapackGraph
internal import SynapackSupport

/// Layers that act in training alone: at inference they pass their input on.
///
///     Dropout(x) → x
enum TrainingLayers: KerasLayerFamily {
  static let lowerings =
    [
      lowering("Dropout", ["rate", "noise_shape"]),
      lowering("AlphaDropout", ["rate", "noise_shape"]),
      lowering("SpatialDropout1D", ["rate"]),
      lowering("SpatialDropout2D", ["rate", "data_format"]),
      lowering("SpatialDropout3D", ["rate", "data_format"]), lowering("GaussianDropout", ["rate"]),
      lowering("GaussianNoise", ["stddev"]), lowering("ActivityRegularization", ["l1", "l2"]),
      lowering("RandomFlip", ["mode", "data_format"]),
      lowering("RandomContrast", ["factor", "value_range"]),
      lowering("RandomBrightness", ["factor", "value_range"]),
    ]
    + ["RandomRotation", "RandomZoom", "RandomTranslation"].map {
      lowering(
        $0,
        [
          "factor", "height_factor", "width_factor", "fill_mode", "interpolation", "fill_value",
          "value_range", "data_format",
        ])
    }
    + [
      KerasLowering("Identity") { (context, _) throws(PackError) in context.input }
    ]

  private static func lowering(_ name: String, _ keys: Set<String>) -> KerasLowering {
    KerasLowering(name, harmless: keys.union(["seed"]), isTrainingOnly: true) {
      (context, _) throws(PackError) in context.input
    }
  }
}
