internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// MatMul, opset 7 and newer.
///
///     MatMul(x, W), W a constant matrix → linear;  W is stored transposed, a bias that follows is
///                                         folded in by Add
///     MatMul(x, y)                      → matrixProduct
enum MatMulLowering: ONNXLoweringFamily {
  static let lowerings = [ONNXLowering("MatMul", inputs: .init(2...2), activations: lower)]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    if case .activation(let input) = try context.value(0), try context.isKnown(1) {
      let matrix = try context.constant(1)
      if matrix.tensor.shape.rank == 2, input.rank >= 2 {
        let name = try linearWeight(matrix, outputsFirst: false, context, &builder)
        let result = try linear(input, Linear(weight: name, bias: nil), context, &builder)
        if let output = context.node.outputs.first { builder.noteBiasless(output) }
        return .activation(result)
      }
    }
    let left = try context.activation(0, &builder)
    let right = try context.activation(1, &builder)
    return .activation(try product(left, right, context.name, context, &builder))
  }

  /// A linear layer over the last axis.
  static func linear(
    _ input: ONNXActivation, _ linear: Linear, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let input = try builder.separated(input, from: [input.rank - 1], context)
    let wire = try builder.add(context.name, .linear(linear), [input.wire])
    var dimensions = input.dimensions
    dimensions[input.rank - 1] = builder.shape(wire).dimensions.last ?? 1
    return try builder.activation(wire, dimensions, input.batch)
  }

  /// A product of two activations; leading axes are broadcast.
  static func product(
    _ left: ONNXActivation, _ right: ONNXActivation, _ name: String, _ context: ONNXNodeContext,
    _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    guard left.rank >= 1, right.rank >= 1 else {
      throw context.wrongShape("a number is multiplied as a matrix")
    }
    // A vector on the left is a row, on the right a column; the result loses that axis again.
    var (a, b) = (left, right)
    if left.rank == 1 {
      a = try builder.view(
        left, [1] + left.dimensions, left.batch.moved { $0 + 1 }, name: name + ".row")
    }
    if right.rank == 1 {
      b = try builder.view(right, right.dimensions + [1], right.batch, name: name + ".column")
    }
    a = try builder.separated(a, from: [a.rank - 2, a.rank - 1], context)
    b = try builder.separated(b, from: [b.rank - 2, b.rank - 1], context)
    let (m, k, n) = (a.dimensions[a.rank - 2], a.dimensions[a.rank - 1], b.dimensions[b.rank - 1])
    guard b.dimensions[b.rank - 2] == k else {
      throw context.wrongShape("\(left.dimensions) and \(right.dimensions) do not fit")
    }
    let result = try stacked(a, b, [m, n], name, context, &builder)
    var dimensions = result.dimensions
    var place = result.batch
    if right.rank == 1 { dimensions.removeLast() }
    if left.rank == 1 {
      let row = dimensions.count - (right.rank == 1 ? 1 : 2)
      dimensions.remove(at: row)
      place = place.moved { $0 > row ? $0 - 1 : $0 }
    }
    return try builder.view(result, dimensions, place, name: name + ".vector")
  }

  private static func stacked(
    _ a: ONNXActivation, _ b: ONNXActivation, _ matrix: [Int], _ name: String,
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    // The leading axes alone are aligned: the matrices are made to look alike for it.
    let heads = [a, b].map { value in
      ONNXActivation(
        wire: value.wire, dimensions: Array(value.dimensions.dropLast(2)), batch: value.batch)
    }
    guard let leading = broadcastShape(heads.map(\.dimensions)) else {
      throw context.wrongShape("\(a.dimensions) and \(b.dimensions) do not fit")
    }
    let rank = leading.count + 2
    let places = Set([a, b].map { value in value.batch.moved { $0 + rank - value.rank } })
      .subtracting([.absent])
    let place = places.count == 1 ? places.first ?? .absent : .absent
    let fits =
      places.count <= 1
      && heads.allSatisfy { head in
        guard let axis = place.axis, head.batch == .absent else { return true }
        let own = axis - (leading.count - head.rank)
        return own < 0 || head.dimensions[own] == 1
      }
    guard fits else {
      return try stacked(
        builder.demoted(a, context), builder.demoted(b, context), matrix, name, context, &builder)
    }
    var wires: [WireID] = []
    for value in [a, b] {
      let ones = Array(repeating: 1, count: rank - value.rank)
      wires.append(
        try builder.view(value, ones + value.dimensions, place, name: name + ".aligned").wire)
    }
    return try builder.add(
      name, .matrixProduct(MatrixProduct()), wires, as: leading + matrix, place)
  }
}
