internal import SynapackGraph
internal import SynapackSupport

/// Reductions over axes that are not the batch, opset 7 and newer.
///
///     ReduceMean(x) over exactly the plane of an image → averagePool over the whole plane
///     ReduceSum(x), ReduceMean(x), ReduceMax(x), …      → reduce
///
/// The axes are an attribute at first and became an input with opset 13 for ReduceSum and 18 for
/// the others.
enum ReduceLowering: ONNXLoweringFamily {
  static let lowerings = [
    lowering("ReduceSum", .sum, since: 13), lowering("ReduceMean", .mean),
    lowering("ReduceMax", .maximum), lowering("ReduceMin", .minimum),
    lowering("ReduceProd", .product), lowering("ReduceL1", .absoluteSum),
    lowering("ReduceL2", .norm), lowering("ReduceSumSquare", .squareSum),
    lowering("ReduceLogSum", .logarithmOfSum),
    lowering("ReduceLogSumExp", .logarithmOfExponentialSum),
  ]

  private static func lowering(
    _ name: String, _ function: Reduce.Function, since opset: Int = 18
  ) -> ONNXLowering {
    ONNXLowering(
      name, inputs: .init(1...2, since: opset, before: 1...1),
      attributes: ["axes", "keepdims", "noop_with_empty_axes"], retired: ["axes": opset - 1],
      activations: { (context, builder) throws(PackError) in
        .activation(try lower(context, function, since: opset, &builder))
      }, integers: function == .product || function == .sum ? integers(function) : nil)
  }

  private static func lower(
    _ context: ONNXNodeContext, _ function: Reduce.Function, since opset: Int,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let input = try context.activation(0, &builder)
    let stated =
      try context.opset < opset
      ? context.integers("axes") : context.has(1) ? context.knownIntegers(1) : nil
    let isEmpty = stated?.isEmpty ?? true
    if isEmpty, try context.flag("noop_with_empty_axes") {
      return input
    }
    let all = (0..<input.rank).map { Int64($0) }
    guard
      let axes = normalized(axes: isEmpty ? all : stated ?? all, rank: input.rank)?.sorted()
    else { throw context.wrongShape("the axes \(stated ?? []) do not fit \(input.dimensions)") }
    let keepsAxes = try context.flag("keepdims", default: true)
    let isPlane = input.rank >= 3 && input.rank <= 4 && axes == Array(2..<input.rank)
    guard function == .mean, isPlane, input.batch == .alone(0) else {
      return try reduce(input, function, axes, keepsAxes: keepsAxes, nil, context, &builder)
    }
    let mean = try AveragePoolLowering.plane(input, context, &builder)
    guard !keepsAxes else { return mean }
    return try builder.view(
      mean, Array(mean.dimensions.prefix(2)), mean.batch, name: context.name + ".reshape")
  }

  static func reduce(
    _ input: ONNXActivation, _ function: Reduce.Function, _ axes: [Int], keepsAxes: Bool,
    _ name: String?, _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let input = try builder.separated(input, from: axes, context)
    var dimensions = input.dimensions
    var place = input.batch
    for axis in axes.reversed() {
      dimensions[axis] = 1
      guard !keepsAxes else { continue }
      dimensions.remove(at: axis)
      place = place.moved { $0 > axis ? $0 - 1 : $0 }
    }
    let op = Reduce(
      function, axes: axes.map { ONNXGraphBuilder.sampleAxis($0, input.batch) },
      keepsAxes: keepsAxes)
    return try builder.add(name ?? context.name, .reduce(op), [input.wire], as: dimensions, place)
  }

  /// The product or sum of all integers of a list, as when sizes are computed.
  private static func integers(_ function: Reduce.Function) -> ONNXLowering.Body {
    { (context, _) throws(PackError) in
      let data = try context.integers(0)
      guard data.dimensions.count <= 1 else {
        throw context.unsupported(
          "integers of \(data.dimensions) are reduced", hint: "fold the constants")
      }
      let isSum = function == .sum
      var result = SymbolicInteger(constant: isSum ? 0 : 1)
      for value in data.values {
        let next =
          isSum ? ArithmeticLowering.sum(result, value) : ArithmeticLowering.product(result, value)
        guard let next else {
          throw context.unsupported("the result is out of range", hint: "fold the constants")
        }
        result = next
      }
      let keepsAxes = try context.flag("keepdims", default: true)
      return .integers(
        try SymbolicIntegers(keepsAxes ? data.dimensions.map { _ in 1 } : [], [result]))
    }
  }
}
