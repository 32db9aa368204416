internal import SynapackGraph
internal import SynapackSupport

/// Softmax along one axis.
///
///     Softmax(x) → softmax
enum SoftmaxLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Softmax", keys: ["axis"]) { (context, builder) throws(PackError) in
      let axes = try context.config.integers("axis") ?? [-1]
      guard axes.count == 1 else {
        throw context.unsupported("the axes are \(axes)", hint: "use one axis")
      }
      return try KerasActivation.softmax(
        context.input, axis: axes[0], context, &builder, name: context.name)
    }
  ]
}
