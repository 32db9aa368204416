internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Transpose, opset 7 and newer; the batch stays the first axis.
///
///     Transpose(x) → transpose;  of a constant → a new weight
enum TransposeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Transpose", inputs: .init(1...1), attributes: ["perm"], activations: lower, constants: fold)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let wire = try context.wire(0)
    let order = try permutation(context, rank: builder.shape(wire).rank + 1)
    guard order.first == 0 else {
      throw context.unsupported(
        "the permutation \(order) moves the batch", hint: "keep the batch as the first axis")
    }
    let inner = order.dropFirst().map { $0 - 1 }
    if inner == inner.sorted() { return .wire(wire) }
    let op = Transpose(permutation: inner)
    return .wire(try builder.add(context.name, .transpose(op), [wire]))
  }

  @Sendable private static func fold(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    switch try context.value(0) {
    case .integers(let integers):
      let order = try permutation(context, rank: integers.dimensions.count)
      if order == order.sorted() { return .integers(integers) }
      let op = Transpose(permutation: order)
      let sources = try op.sources(input: Shape(integers.dimensions))
      return .integers(
        try SymbolicIntegers(
          order.map { integers.dimensions[$0] }, sources.map { integers.values[$0] }))
    case .constant(let constant):
      let shape = constant.tensor.shape
      let order = try permutation(context, rank: shape.rank)
      if order == order.sorted() { return .constant(constant) }
      // The indices take as much memory again as float64 values would.
      try builder.reserve(elements: shape.count.times(3) ?? .max)
      let op = Transpose(permutation: order)
      let sources = try op.sources(input: shape)
      let turned = try Shape(order.map { shape[$0] })
      if !constant.tensor.type.isFloatingPoint {
        let integers = try constant.tensor.integers()
        let tensor = try Tensor(shape: turned, integers: sources.map { integers[$0] })
        return .constant(ONNXConstant(name: context.node.outputs[0], tensor: tensor))
      }
      let values = try builder.floats(constant)
      let tensor = try Tensor(shape: turned, floats: sources.map { values[$0] })
      return .constant(ONNXConstant(name: context.node.outputs[0], tensor: tensor))
    case .wire, .unavailable:
      return .wire(try context.wire(0))
    }
  }

  private static func permutation(
    _ context: ONNXNodeContext, rank: Int
  ) throws(PackError) -> [Int] {
    guard let stated = try context.integers("perm") else { return Array((0..<rank).reversed()) }
    let order = stated.compactMap { Int(exactly: $0) }
    guard order.sorted() == Array(0..<rank) else {
      throw context.wrongShape("the permutation \(stated) does not fit \(rank) axes")
    }
    return order
  }
}
