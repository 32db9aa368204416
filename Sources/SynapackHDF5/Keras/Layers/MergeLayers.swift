internal import SynapackGraph
internal import SynapackSupport
internal import SynapackTensor

/// Add, Subtract, Multiply, Average, Maximum and Minimum of several values.
///
///     Add(x…)      → add; binary additions where extents of one are stretched
///     Average(x…)  → the same, then scale by 1/n
///     others       → binary, from left to right
enum MergeLayers: KerasLayerFamily {
  static let lowerings = [
    lowering("Add", .add), lowering("Average", .add, isMean: true),
    lowering("Multiply", .multiply), lowering("Maximum", .maximum),
    lowering("Minimum", .minimum), lowering("Subtract", .subtract, inputs: 2...2),
  ]

  private static func lowering(
    _ name: String, _ function: Binary.Function, isMean: Bool = false,
    inputs: ClosedRange<Int> = 2...1024
  ) -> KerasLowering {
    KerasLowering(name, inputs: inputs) { (context, builder) throws(PackError) in
      let values = try context.alike(&builder)
      let merged = try merge(values, function, context, &builder, isLast: !isMean)
      guard isMean else { return merged }
      let factor = 1 / Float(values.count)
      let wire = try builder.add(context.name, .scale(Scale(factor: factor)), [merged.wire])
      return KerasTensor(wire: wire, shape: merged.shape, layout: merged.layout)
    }
  }

  private static func merge(
    _ values: [KerasTensor], _ function: Binary.Function, _ context: KerasLayerContext,
    _ builder: inout KerasGraphBuilder, isLast: Bool
  ) throws(PackError) -> KerasTensor {
    let first = values[0]
    let name = isLast ? context.name : context.name + ".sum"
    if function == .add, values.allSatisfy({ $0.shape == first.shape }) {
      let wire = try builder.add(name, .add(Add()), values.map(\.wire))
      return KerasTensor(wire: wire, shape: first.shape, layout: first.layout)
    }
    var wire = first.wire
    for (index, value) in values.enumerated().dropFirst() {
      let step = index == values.count - 1 ? name : name + ".step"
      wire = try builder.add(step, .binary(Binary(function)), [wire, value.wire])
    }
    var shape = builder.shape(wire).dimensions
    if first.layout == .channelsFirst { shape = Array(shape.dropFirst()) + shape.prefix(1) }
    return KerasTensor(wire: wire, shape: shape, layout: first.layout)
  }
}

extension KerasLayerContext {
  /// The inputs in one layout and of one rank.
  ///
  /// - Throws: `SYN0206` for inputs of different ranks, which Keras stretches in a way of its own.
  func alike(_ builder: inout KerasGraphBuilder) throws(PackError) -> [KerasTensor] {
    let first = inputs[0]
    guard inputs.allSatisfy({ $0.shape.count == first.shape.count }) else {
      throw unsupported(
        "the inputs have the shapes \(inputs.map(\.shape))", hint: "give all inputs as many axes")
    }
    if inputs.allSatisfy({ $0.layout == first.layout }) { return inputs }
    var values: [KerasTensor] = []
    for value in inputs {
      values.append(
        first.shape.count > 1 && inputs.contains { $0.layout == .channelsFirst }
          ? try builder.channelsFirst(value, name: name + ".input")
          : try builder.rowMajor(value, name: name + ".input"))
    }
    return values
  }
}
