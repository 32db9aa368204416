internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Operators of two and more inputs.
///
///     ADD, SUB, MUL, DIV → add where shapes are equal, else binary; constants become wires
///     CONCATENATION      → concat;  of shapes → integers
enum TFLiteJoins: TFLiteLoweringFamily {
  static let lowerings = [
    binary(0, "ADD", options: 11, .add), binary(41, "SUB", options: 28, .subtract),
    binary(18, "MUL", options: 21, .multiply), binary(42, "DIV", options: 29, .divide),
    TFLiteLowering(
      2, "CONCATENATION", inputs: 1...1 << 16, options: 10, integers: TFLiteLists.joined, concat),
  ]

  private static func binary(
    _ code: Int32, _ name: String, options: UInt8, _ function: Binary.Function
  ) -> TFLiteLowering {
    TFLiteLowering(code, name, inputs: 2...2, options: options) {
      (context, builder) throws(PackError) in
      let rank = context.output.shape.count
      let wires = [
        try wire(0, rank, context, &builder), try wire(1, rank, context, &builder),
      ]
      let isSum =
        function == .add && builder.network.shape(wires[0]) == builder.network.shape(wires[1])
      let wire = try builder.network.add(
        context.name, isSum ? .add(Add()) : .binary(Binary(function)), wires)
      return try context.result(try context.activated(wire, option: 0, &builder), builder)
    }
  }

  /// An input as a wire that stretches to the output of `rank` axes.
  private static func wire(
    _ index: Int, _ rank: Int, _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> WireID {
    switch try context.value(index, &builder) {
    case .integers, .activation:
      let value = try context.activation(index, &builder)
      guard value.extents.count == rank - 1 else {
        throw context.unsupported(
          "inputs of different ranks", hint: "reshape them in the source model")
      }
      return value.wire
    case .constant(let constant):
      var extents = constant.tensor.shape.dimensions
      guard extents.count <= rank, constant.tensor.shape.count > 0 else {
        throw context.malformed("a constant of \(constant.tensor.shape)")
      }
      extents = Array(repeating: 1, count: rank - extents.count) + extents
      guard extents.removeFirst() == 1 else {
        throw context.unsupported("a constant differs by sample", hint: "use one for all samples")
      }
      let shape = try Shape(TFLiteActivation.wireExtents(extents))
      let turned = TFLiteConstant(
        name: constant.name, tensor: try constant.tensor.reshaped(Shape(extents)))
      let name = try builder.weight(
        turned, permutation: extents.count == 3 ? [2, 0, 1] : nil, as: shape)
      return try builder.network.add(
        context.name + ".constant", .constant(Constant(weight: name)), [])
    }
  }

  /// ConcatenationOptions: axis 0, activation 1.
  @Sendable private static func concat(
    _ context: TFLiteContext, _ builder: inout TFLiteBuilder
  ) throws(PackError) -> TFLiteActivation {
    var wires: [WireID] = []
    var axis: Int?
    for index in context.node.inputs.indices {
      let input = try context.activation(index, &builder)
      axis = input.axis(try context.option(0))
      wires.append(input.wire)
    }
    guard let axis else {
      throw context.unsupported("it runs along the batch", hint: "keep the batch as it is")
    }
    let wire = try builder.network.add(context.name, .concat(Concat(axis: axis)), wires)
    return try context.result(try context.activated(wire, option: 1, &builder), builder)
  }
}
