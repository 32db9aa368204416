internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Transpose, opset 7 and newer; the samples of a batch may move to any axis.
///
///     Transpose(x) → transpose of the axes of one sample, or nothing;  of a constant → a weight
enum TransposeLowering: ONNXLoweringFamily {
  static let lowerings = [
    ONNXLowering(
      "Transpose", inputs: .init(1...1), attributes: ["perm"], activations: lower, constants: fold)
  ]

  @Sendable private static func lower(
    _ context: ONNXNodeContext, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXValue {
    let input = try context.activation(0, &builder)
    let order = try permutation(context, rank: input.rank)
    return .activation(try turned(input, order, context.name, &builder))
  }

  static func turned(
    _ input: ONNXActivation, _ order: [Int], _ name: String, _ builder: inout ONNXGraphBuilder
  ) throws(PackError) -> ONNXActivation {
    let dimensions = order.map { input.dimensions[$0] }
    let place = input.batch.moved { order.firstIndex(of: $0) ?? 0 }
    var inner = order
    if case .alone(let axis) = input.batch {
      inner = order.filter { $0 != axis }.map { $0 > axis ? $0 - 1 : $0 }
    }
    guard inner != inner.sorted() else {
      return try builder.activation(input.wire, dimensions, place)
    }
    return try builder.add(
      name, .transpose(Transpose(permutation: inner)), [input.wire], as: dimensions, place)
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
      let tensor = try turned(constant.tensor, order)
      return .constant(ONNXConstant(name: context.node.outputs[0], tensor: tensor))
    case .activation, .sampleIndices, .outputs, .unavailable:
      throw context.unsupported("its input is not computed", hint: "export the model again")
    }
  }

  /// The elements in their own type; the axis of a quantization moves along.
  static func turned(_ tensor: Tensor, _ order: [Int]) throws(PackError) -> Tensor {
    let sources = try Transpose(permutation: order).sources(input: tensor.shape)
    let shape = try Shape(order.map { tensor.shape[$0] })
    let size = tensor.type.byteCount
    let bytes = tensor.withBytes { span in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(sources.count * size)
      for source in sources {
        for byte in source * size..<(source + 1) * size { bytes.append(span.byte(at: byte)) }
      }
      return bytes
    }
    let turned = try Tensor(shape: shape, type: tensor.type, bytes: bytes)
    guard var quantization = tensor.quantization else { return turned }
    quantization.axis = order.firstIndex(of: quantization.axis) ?? 0
    return try turned.quantized(by: quantization)
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
