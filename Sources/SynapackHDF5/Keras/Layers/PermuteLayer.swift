internal import SynapackGraph
internal import SynapackSupport

/// Permute: axes in another order, counted from 1.
///
///     Permute(x) → transpose
enum PermuteLayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering("Permute", keys: ["dims"]) { (context, builder) throws(PackError) in
      let rank = context.input.shape.count
      let axes = (try context.config.integers("dims") ?? []).map { $0 - 1 }
      guard axes.sorted() == Array(0..<rank) else {
        throw context.unsupported(
          "dims are \(axes.map { $0 + 1 })", hint: "name each axis of the input once")
      }
      let shape = axes.map { context.input.shape[$0] }
      let input = context.input
      guard input.layout == .channelsFirst else {
        // A vector has one axis, so its order stays what it is.
        let wire = try builder.transposed(input.wire, axes, name: context.name)
        return KerasTensor(wire: wire, shape: shape, layout: input.layout)
      }
      // Both sides stand channels first: the wire's axes are Keras' turned by one.
      let permutation = ([rank - 1] + Array(0..<rank - 1)).map { place in
        axes[place] == rank - 1 ? 0 : axes[place] + 1
      }
      let wire = try builder.transposed(input.wire, permutation, name: context.name)
      return KerasTensor(wire: wire, shape: shape, layout: .channelsFirst)
    }
  ]
}
