internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Softmax and LogSoftmax, opset 7 and newer.
///
///     Softmax(x) → softmax;  up to opset 12 over all axes from `axis` on, read as one
enum SoftmaxLowering: ONNXLoweringFamily {
  static let lowerings = [lowering("Softmax", false), lowering("LogSoftmax", true)]

  private static func lowering(_ name: String, _ isLogarithmic: Bool) -> ONNXLowering {
    ONNXLowering(
      name, inputs: .init(1...1), attributes: ["axis"],
      activations: { (context, builder) throws(PackError) in
        .activation(try lower(context, isLogarithmic, &builder))
      })
  }

  private static func lower(
    _ context: ONNXNodeContext, _ isLogarithmic: Bool, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let input = try context.activation(0, &builder)
    let isOld = context.opset < 13
    let axis = try context.axis("axis", default: isOld ? 1 : -1, rank: input.rank)
    let axes = isOld ? Array(axis..<input.rank) : [axis]
    let separated = try builder.separated(input, from: axes, context)
    var view = separated
    if axes.count > 1 {
      let flat = separated.dimensions[..<axis] + [separated.dimensions[axis...].reduce(1, *)]
      view = try builder.view(
        separated, Array(flat), separated.batch, name: context.name + ".flat")
    }
    let op = Softmax(
      axis: ONNXGraphBuilder.sampleAxis(axis, view.batch), isLogarithmic: isLogarithmic)
    let result = try builder.add(
      context.name, .softmax(op), [view.wire], as: view.dimensions, view.batch)
    return try builder.view(
      result, separated.dimensions, separated.batch, name: context.name + ".shape")
  }
}
