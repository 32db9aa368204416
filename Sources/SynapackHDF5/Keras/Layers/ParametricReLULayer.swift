internal import SynapackGraph
internal import SynapackSupport

/// PReLU: a learned slope for negative values, shared along some axes.
///
///     PReLU(x) → constant slope, parametricRelu
enum ParametricReLULayer: KerasLayerFamily {
  static let lowerings = [
    KerasLowering(
      "PReLU", keys: ["shared_axes"], harmless: KerasLowering.training(of: "alpha"), body: lower)
  ]

  @Sendable private static func lower(
    _ context: KerasLayerContext, _ builder: inout KerasGraphBuilder
  ) throws(PackError) -> KerasTensor {
    let input =
      context.input.shape.count > 1
      ? try builder.channelsFirst(context.input, name: context.name + ".input")
      : try builder.rowMajor(context.input, name: context.name + ".input")
    var shape = input.shape
    for axis in try context.config.integers("shared_axes") ?? [] {
      guard (1...shape.count).contains(axis) else {
        throw context.unsupported("an axis of shared_axes is \(axis)", hint: "count from 1")
      }
      shape[axis - 1] = 1
    }
    let variables = try context.variables(["alpha"], &builder)
    let alpha = try context.variable("alpha", of: variables, shape: shape)
    let rank = shape.count
    let permutation = [rank - 1] + Array(0..<rank - 1)
    let name =
      rank == 1
      ? builder.store(alpha)
      : try builder.store(alpha, form: "channels first", permutation.map { shape[$0] }) {
        permuted($0, shape, permutation)
      }
    let slope = try builder.add(
      context.name + ".slope", .constant(Constant(weight: name)), [])
    let wire = try builder.add(
      context.name, .binary(Binary(.parametricRelu)), [input.wire, slope])
    return KerasTensor(wire: wire, shape: input.shape, layout: input.layout)
  }
}
