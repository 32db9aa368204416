internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Trilu, opset 14 and newer, as exporters write causal masks.
///
///     Trilu(x, k) → where(mask, x, 0);  of constants → a constant
///
/// mask: 1 from the k-th diagonal upwards, or downwards, of the last two axes.
enum TriluLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Trilu", opsets: 14...ONNXOpsets.newest, inputs: .init(1...2), attributes: ["upper"],
      activations: lower,
      integers: { (context, _) throws(PackError) in
        let data = try context.integers(0)
        let keeps = try kept(data.dimensions, context)
        return .integers(
          try SymbolicIntegers(
            data.dimensions,
            data.values.indices.map {
              keeps[$0 % keeps.count] ? data.values[$0] : SymbolicInteger()
            }))
      })
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let value = try builder.separated(input, from: [input.rank - 2, input.rank - 1], context)
    try builder.reserve(elements: value.dimensions.suffix(2).reduce(1, *))
    let plane = try Shape(value.dimensions.suffix(2))
    let mask = try Tensor(
      shape: plane, floats: kept(value.dimensions, context).map { $0 ? 1 : 0 })
    let zero = try Tensor(shape: Shape([]), floats: [0])
    var operands: [ONNXActivation] = []
    for (suffix, tensor) in [(".mask", mask), (".zero", zero)] {
      let name = builder.uniqueName(context.name + suffix)
      operands.append(try builder.constant(ONNXConstant(name: name, tensor: tensor)))
    }
    let (wires, dimensions, batch) = try builder.aligned(
      [operands[0], value, operands[1]], context)
    return .activation(
      try builder.add(context.name, .where(Where()), wires, as: dimensions, batch))
  }

  /// Which places of the last two axes are kept, row-major.
  private static func kept(
    _ dimensions: [Int], _ context: ONNXNodeContext
  ) throws(PackError) -> [Bool] {
    guard dimensions.count >= 2, !dimensions.contains(0) else {
      throw context.wrongShape("\(dimensions) has no matrices")
    }
    let rows = dimensions[dimensions.count - 2]
    let columns = dimensions[dimensions.count - 1]
    let stated = try context.has(1) ? context.knownIntegers(1) : [0]
    guard let diagonal = stated.first, stated.count == 1 else {
      throw context.wrongShape("the diagonal is \(stated.count) numbers, not one")
    }
    // Beyond the matrix every diagonal is the same.
    let bound = Int64(rows + columns)
    let first = Int(min(max(diagonal, -bound), bound))
    let isUpper = try context.flag("upper", default: true)
    return (0..<rows * columns).map { index in
      let distance = index % columns - index / columns
      return isUpper ? distance >= first : distance <= first
    }
  }
}
